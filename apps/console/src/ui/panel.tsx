import { useId, type ReactNode } from 'react'
import styles from './panel.module.css'

interface PanelProps {
  readonly title?: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** Removes the panel's padding, so that a table reaches the edges. */
  readonly flush?: boolean
  readonly children: ReactNode
}

export function Panel({ title, description, actions, flush = false, children }: PanelProps) {
  const id = useId()
  return (
    <section className={styles['panel']} aria-labelledby={title === undefined ? undefined : id}>
      {title !== undefined && (
        <header className={styles['head']}>
          <div>
            <h2 id={id}>{title}</h2>
            {description !== undefined && <p className={styles['description']}>{description}</p>}
          </div>
          {actions && <div className={styles['actions']}>{actions}</div>}
        </header>
      )}
      <div className={flush ? styles['flush'] : styles['body']}>{children}</div>
    </section>
  )
}
