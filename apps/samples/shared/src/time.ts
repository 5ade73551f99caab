const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const

/** Formats milliseconds as "29 days 23 hours": the two largest units that are not zero. */
export const inWords = (ms: number): string => {
  const parts: string[] = []
  let left = Math.max(0, ms)
  for (const [unit, size] of units) {
    const count = Math.floor(left / size)
    left -= count * size
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`)
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.join(' ') || 'less than a second'
}

/** Formats milliseconds as "4:59". */
export const asCountdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  const rest = String(seconds % 60).padStart(2, '0')
  return seconds < 3_600
    ? `${Math.floor(seconds / 60)}:${rest}`
    : `${Math.floor(seconds / 3_600)} h ${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`
}

const dayFormat = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })
const clockFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** Formats a time as "Nov 24, 2026, 9:05 AM". */
export const asDay = (at: number | string): string => dayFormat.format(new Date(at))
/** Formats a time as "09:05:12". */
export const asClock = (at: number): string => clockFormat.format(at)
/** Formats a time for the attribute `datetime` of a `<time>` element. */
export const asDateTime = (at: number | string): string => new Date(at).toISOString()
