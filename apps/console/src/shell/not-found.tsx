import { Link } from '@tanstack/react-router'
import { t } from '../texts/index.ts'
import { buttonClass } from '../ui/button.tsx'
import { EmptyState } from '../ui/query-result.tsx'

export function NotFound() {
  return (
    <EmptyState
      title={t.notFound.title}
      action={
        <Link to="/apps" className={buttonClass()}>
          {t.notFound.home}
        </Link>
      }
    >
      {t.notFound.text}
    </EmptyState>
  )
}
