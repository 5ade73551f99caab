import type { Settings } from '@tokenkeep/protocol'
import { asClock, inWords } from '../../texts/format.ts'
import { language, t } from '../../texts/index.ts'
import type { Life } from './simulation.ts'

const minute = 60
const hour = 3600
const day = 86_400

/** A Monday at 9:00, by the reader's clock. */
const monday = new Date(2026, 0, 5, 9).getTime()
const weekday = new Intl.DateTimeFormat(language, { weekday: 'short' })

const words = t.sessionManagement.timeline

const onWeekday = (at: number): string => {
  const date = new Date(monday + at * 1000)
  return `${weekday.format(date)} ${asClock(date)}`
}
/** When that is: by the weekday while there is but one of its name, then by how long it took. */
export const momentOf = (at: number): string => (at < 7 * day ? onWeekday(at) : words.after(inWords(at)))

/** How much time is drawn, in seconds: to a little after the session's end. */
export function reach({ end }: Life, settings: Settings): number {
  const most = settings.refresh_absolute_lifetime || 28 * day
  const ends = end ? end.at * 1.12 : most
  return Math.max(ends, 10 * minute)
}

const steps = [5 * minute, 15 * minute, hour, 3 * hour, 12 * hour, day, 2 * day, 7 * day, 28 * day, 70 * day]

function labelOf(at: number, step: number, span: number): string {
  if (span >= 14 * day) return words.day(at / day + 1)
  return step >= day ? weekday.format(new Date(monday + at * 1000)) : onWeekday(at)
}

/** Where the axis has its marks, and what they say. */
export function ticks(span: number): { at: number; label: string }[] {
  const step = steps.find((each) => span / each <= 7) ?? span
  return Array.from({ length: Math.floor(span / step) + 1 }, (_, n) => ({
    at: n * step,
    label: labelOf(n * step, step, span),
  }))
}

export const percent = (at: number, span: number): string => `${((at / span) * 100).toFixed(3)}%`
