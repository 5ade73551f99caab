import type { Settings } from '@tokenkeep/protocol'

/** A stretch of time, in seconds from the sign-in. */
export interface Span {
  readonly from: number
  readonly to: number
}
export type End = 'absolute' | 'inactivity' | 'token'

/** How one session lives: when its person is there, and when and why it ends. Without an end, it is never known to. */
export interface Life {
  readonly uses: readonly Span[]
  readonly end?: { readonly at: number; readonly why: End }
}

const hour = 3600
const day = 24 * hour

/** The sign-in is on a Monday at 9:00. Work: 9:00 to 12:30 and 13:15 to 17:30, Monday to Friday. */
const shifts: readonly Span[] = [
  { from: 0, to: 3.5 * hour },
  { from: 4.25 * hour, to: 8.5 * hour },
]

/** What is left of the working hours from `start` on, for so many days. */
function* work(start: number, days: number): Generator<Span> {
  for (let n = 0; n < days; n++) {
    if (n % 7 >= 5) continue
    for (const { from, to } of shifts) {
      const span = { from: Math.max(n * day + from, start), to: n * day + to }
      if (span.from < span.to) yield span
    }
  }
}

/** Follows one session that begins at `start`, as the server would. Inactivity counts from the last refresh. */
export function liveThrough(settings: Settings, start = 0, days = 420): Life {
  const lifetime = settings.session_timeout_length
  if (!settings.refresh_enabled) return upTo(start, days, { at: start + lifetime, why: 'token' })
  const absolute = settings.refresh_absolute_lifetime || Infinity
  const patience = settings.refresh_inactivity_lifetime || Infinity
  let refreshed = start
  for (const { from, to } of work(start, days)) {
    const gone = Math.min(start + absolute, refreshed + patience)
    const why = gone === start + absolute ? 'absolute' : 'inactivity'
    // The next call that needs a new token: when the last one has lapsed, or when the person is back.
    const asks = Math.max(from, refreshed + lifetime)
    if (asks >= gone) return upTo(start, days, { at: gone, why })
    refreshed = asks + Math.floor(Math.max(to - asks, 0) / lifetime) * lifetime
    if (refreshed >= start + absolute) return upTo(start, days, { at: start + absolute, why: 'absolute' })
  }
  const at = Math.min(start + absolute, refreshed + patience)
  return absolute === Infinity ? upTo(start, days) : upTo(start, days, { at, why: 'absolute' })
}

const upTo = (start: number, days: number, end?: Life['end']): Life => ({
  uses: [...work(start, days)]
    .filter(({ from }) => !end || from < end.at)
    .map(({ from, to }) => ({ from, to: Math.min(to, end?.at ?? to) })),
  ...(end && { end }),
})

/** How often that person signs in, in four weeks. */
export function signInsInFourWeeks(settings: Settings): number {
  let times = 0
  let at: number | undefined = 0
  while (at !== undefined) {
    times++
    const { end } = liveThrough(settings, at, 28)
    at = end && [...work(end.at, 28)][0]?.from
  }
  return times
}

/** Whether somebody who leaves on Friday at 17:30 is still signed in on Monday at 9:00. */
export function survivesWeekend(settings: Settings): boolean {
  const away = 3 * day - shifts[1]!.to
  const { refresh_enabled, refresh_absolute_lifetime, refresh_inactivity_lifetime } = settings
  const outlives = (limit: number, time: number): boolean => limit === 0 || limit > time
  return (
    refresh_enabled &&
    outlives(refresh_inactivity_lifetime, away) &&
    outlives(refresh_absolute_lifetime, 8.5 * hour + away)
  )
}
