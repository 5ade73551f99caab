import { Link } from '@tanstack/react-router'
import { t } from '../texts/index.ts'
import { buttonClass } from '../ui/button.tsx'
import { Empty } from '../ui/query-result.tsx'

export function NotFound() {
  return (
    <Empty
      title={t.notFound.title}
      action={
        <Link to="/apps" className={buttonClass()}>
          {t.notFound.home}
        </Link>
      }
    >
      {t.notFound.text}
    </Empty>
  )
}
