import type { UseQueryResult } from '@tanstack/react-query'
import { CloudOff, Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import { isApiError } from '../api/client.ts'
import { explain } from '../api/error-message.ts'
import { t } from '../texts/index.ts'
import { Button } from './button.tsx'
import styles from './states.module.css'

interface EmptyProps {
  readonly title: string
  readonly children?: ReactNode
  readonly icon?: ReactNode
  readonly action?: ReactNode
}
/** Nothing to show, and what to do about it. */
export function Empty({ title, children, icon, action }: EmptyProps) {
  return (
    <div className={styles['empty']}>
      {icon}
      <p className={styles['title']}>{title}</p>
      {children !== undefined && <p>{children}</p>}
      {action}
    </div>
  )
}

/** Bars where content will be. */
function Skeleton({ lines = 4 }: { readonly lines?: number }) {
  return (
    <div className={styles['skeleton']} role="status">
      <span className="unseen">{t.loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  )
}

interface FailureProps {
  readonly error: unknown
  readonly onRetry: () => void
}
function Failure({ error, onRetry }: FailureProps) {
  const forbidden = isApiError(error) && (error.status === 401 || error.status === 403)
  return (
    <div role="alert">
      <Empty
        icon={forbidden ? <Lock aria-hidden /> : <CloudOff aria-hidden />}
        title={forbidden ? t.errors.forbiddenTitle : t.errors.title}
        action={<Button onClick={onRetry}>{t.actions.retry}</Button>}
      >
        {explain(error)}
      </Empty>
    </div>
  )
}

interface LoadedProps<T> {
  readonly query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>
  readonly lines?: number
  readonly children: (data: T) => ReactNode
}
/** What a query brings; until then, bars; else, why not. */
export function Loaded<T>({ query, lines, children }: LoadedProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />
  return <Skeleton {...(lines !== undefined && { lines })} />
}
