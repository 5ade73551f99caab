import type { UseQueryResult } from '@tanstack/react-query'
import { CloudOff, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { isApiError } from '../api/api-error.ts'
import { errorMessage } from '../api/error-message.ts'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './states.module.css'

interface EmptyStateProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ReactNode
  readonly action?: ReactNode
}
/** Shown if there is no content: says what is missing, and what to do about it. */
export function EmptyState({ title, children, icon, action }: EmptyStateProps) {
  return (
    <div className={styles['empty']}>
      {icon}
      <p className={styles['title']}>{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  )
}

/** Shows grey bars in place of content that is loading. */
function Skeleton({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div className={styles['skeleton']} role="status">
      <span className="visually-hidden">{t.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  )
}

interface QueryErrorProps {
  readonly error: unknown
  readonly onRetry: () => void
}
function QueryError({ error, onRetry }: QueryErrorProps) {
  const forbidden = isApiError(error) && (error.status === 401 || error.status === 403)
  return (
    <div role="alert">
      <EmptyState
        icon={forbidden ? <Lock aria-hidden /> : <CloudOff aria-hidden />}
        title={forbidden ? t.errors.forbiddenTitle : t.errors.title}
        action={<Button onClick={onRetry}>{t.actions.retry}</Button>}
      >
        {errorMessage(error)}
      </EmptyState>
    </div>
  )
}

interface QueryResultProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>
  readonly lines?: number
  readonly children: (data: T) => ReactNode
}
/** Shows the data of a query, a skeleton while it loads, or the error with a retry button. */
export function QueryResult<T>({ query, lines, children }: QueryResultProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <QueryError error={query.error} onRetry={() => void query.refetch()} />
  return <Skeleton {...(lines !== undefined && { lines })} />
}
