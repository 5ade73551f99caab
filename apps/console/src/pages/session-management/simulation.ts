import type { Settings } from '@tokenkeep/protocol'

/** A period of time. Seconds since Monday at 9:00. */
export interface Span {
  readonly from: number
  readonly to: number
}
export type EndReason = 'absolute' | 'inactivity' | 'token'

/** The simulated course of one session. Without `end`, the session never ends within the simulated days. */
export interface SimulatedSession {
  readonly uses: readonly Span[]
  readonly end?: { readonly at: number; readonly reason: EndReason }
}

const hour = 3600
const day = 24 * hour

/** Working hours: Monday to Friday, 9:00 to 12:30 and 13:15 to 17:30. Time 0 is Monday at 9:00. */
const shifts: readonly Span[] = [
  { from: 0, to: 3.5 * hour },
  { from: 4.25 * hour, to: 8.5 * hour },
]

/** Yields the working hours from `start` on, within the first `days` days. */
function* work(start: number, days: number): Generator<Span> {
  for (let n = 0; n < days; n++) {
    if (n % 7 >= 5) continue
    for (const { from, to } of shifts) {
      const span = { from: Math.max(n * day + from, start), to: n * day + to }
      if (span.from < span.to) yield span
    }
  }
}

/**
 * Simulates one session that starts at `start` (seconds), with the rules of the server. Inactivity counts from the last
 * refresh.
 */
export function simulateSession(settings: Settings, start = 0, days = 420): SimulatedSession {
  const lifetime = settings.session_timeout_length
  if (!settings.refresh_enabled) return sessionUntil(start, days, { at: start + lifetime, reason: 'token' })
  const absolute = settings.refresh_absolute_lifetime || Infinity
  const inactivity = settings.refresh_inactivity_lifetime || Infinity
  let refreshed = start
  for (const { from, to } of work(start, days)) {
    const expiresAt = Math.min(start + absolute, refreshed + inactivity)
    const reason = expiresAt === start + absolute ? 'absolute' : 'inactivity'
    // The next call that needs a new token: after the last one expires, or when the person returns.
    const nextRefresh = Math.max(from, refreshed + lifetime)
    if (nextRefresh >= expiresAt) return sessionUntil(start, days, { at: expiresAt, reason })
    refreshed = nextRefresh + Math.floor(Math.max(to - nextRefresh, 0) / lifetime) * lifetime
    if (refreshed >= start + absolute)
      return sessionUntil(start, days, { at: start + absolute, reason: 'absolute' })
  }
  const at = Math.min(start + absolute, refreshed + inactivity)
  return absolute === Infinity
    ? sessionUntil(start, days)
    : sessionUntil(start, days, { at, reason: 'absolute' })
}

const sessionUntil = (start: number, days: number, end?: SimulatedSession['end']): SimulatedSession => ({
  uses: [...work(start, days)]
    .filter(({ from }) => !end || from < end.at)
    .map(({ from, to }) => ({ from, to: Math.min(to, end?.at ?? to) })),
  ...(end && { end }),
})

/** Counts how often a person with these working hours signs in within four weeks. */
export function signInsInFourWeeks(settings: Settings): number {
  let times = 0
  let at: number | undefined = 0
  while (at !== undefined) {
    times++
    const { end } = simulateSession(settings, at, 28)
    at = end && [...work(end.at, 28)][0]?.from
  }
  return times
}

/** True if a person who stops on Friday at 17:30 is still signed in on Monday at 9:00. */
export function survivesWeekend(settings: Settings): boolean {
  const away = 3 * day - shifts[1]!.to
  const { refresh_enabled, refresh_absolute_lifetime, refresh_inactivity_lifetime } = settings
  const exceeds = (limit: number, time: number): boolean => limit === 0 || limit > time
  return (
    refresh_enabled &&
    exceeds(refresh_inactivity_lifetime, away) &&
    exceeds(refresh_absolute_lifetime, 8.5 * hour + away)
  )
}
