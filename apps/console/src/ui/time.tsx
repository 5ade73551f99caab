import { asDateTime, ago } from '../texts/format.ts'

/** A moment, told from now; in full where the pointer rests. `at`: Unix seconds or ISO 8601. */
export function Time({ at }: { readonly at: number | string }) {
  const date = new Date(typeof at === 'number' ? at * 1000 : at)
  return (
    <time dateTime={date.toISOString()} title={asDateTime(date)}>
      {ago(date)}
    </time>
  )
}
