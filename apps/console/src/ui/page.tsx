import { useEffect, type ReactNode } from 'react'
import { t } from '../texts/index.ts'
import styles from './page.module.css'

interface PageProps {
  readonly title: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** A link above the title, back to the parent page. */
  readonly back?: ReactNode
  readonly children: ReactNode
}

export function Page({ title, description, actions, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · ${t.product}`
  }, [title])
  return (
    <div className={styles['page']}>
      <header className={styles['head']}>
        <div className={styles['heading']}>
          {back}
          <h1>{title}</h1>
          {description !== undefined && <div className={styles['description']}>{description}</div>}
        </div>
        {actions && <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}
