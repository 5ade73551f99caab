import { formatDateTime, formatRelativeTime } from '../texts/format.ts'

/** Shows a time relative to now, with the full date as a tooltip. `at` is Unix seconds or an ISO 8601 string. */
export function Time({ at }: { readonly at: number | string }) {
  const date = new Date(typeof at === 'number' ? at * 1000 : at)
  return (
    <time dateTime={date.toISOString()} title={formatDateTime(date)}>
      {formatRelativeTime(date)}
    </time>
  )
}
