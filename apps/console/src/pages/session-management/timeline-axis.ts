import type { Settings } from '@tokenkeep/protocol'
import { formatDuration, formatTime } from '../../texts/format.ts'
import { language, t } from '../../texts/index.ts'
import type { SimulatedSession } from './simulation.ts'

const minute = 60
const hour = 3600
const day = 86_400

/** A Monday at 9:00 in local time. Milliseconds since the epoch. */
const monday = new Date(2026, 0, 5, 9).getTime()
const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' })

const texts = t.sessionManagement.timeline

const onWeekday = (at: number): string => {
  const date = new Date(monday + at * 1000)
  return `${weekday.format(date)} ${formatTime(date)}`
}
/** Names a time in seconds since the sign-in: by weekday in the first week, then by the time since the sign-in. */
export const formatMoment = (at: number): string =>
  at < 7 * day ? onWeekday(at) : texts.after(formatDuration(at))

/** Returns the length of the time axis in seconds. It is a little longer than the session. */
export function axisLength({ end }: SimulatedSession, settings: Settings): number {
  const longest = settings.refresh_absolute_lifetime || 28 * day
  const ends = end ? end.at * 1.12 : longest
  return Math.max(ends, 10 * minute)
}

const steps = [5 * minute, 15 * minute, hour, 3 * hour, 12 * hour, day, 2 * day, 7 * day, 28 * day, 70 * day]

function labelOf(at: number, step: number, span: number): string {
  if (span >= 14 * day) return texts.day(at / day + 1)
  return step >= day ? weekday.format(new Date(monday + at * 1000)) : onWeekday(at)
}

/** Returns the ticks of the axis, with their labels. */
export function ticks(span: number): { at: number; label: string }[] {
  const step = steps.find((candidate) => span / candidate <= 7) ?? span
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, n) => ({
    at: n * step,
    label: labelOf(n * step, step, span),
  }))
}

export const percent = (at: number, span: number): string => `${((at / span) * 100).toFixed(3)}%`
