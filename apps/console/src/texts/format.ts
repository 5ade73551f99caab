import { language } from './index.ts'

const number = new Intl.NumberFormat(language)
const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

/** Seconds per unit, the largest unit first. */
export const units = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const
export type Unit = keyof typeof units
const unitNames = Object.keys(units) as Unit[]

export const formatNumber = (value: number): string => number.format(value)
export const formatDateTime = (date: Date): string => dateTime.format(date)
const formatDate = (date: Date): string => day.format(date)
export const formatTime = (date: Date): string => clock.format(date)

/** Formats a time as `3 minutes ago` or `in 2 days`. If it is 40 days away or more, formats the date. */
export function formatRelativeTime(date: Date, now = Date.now()): string {
  const seconds = Math.round((date.getTime() - now) / 1000)
  const distance = Math.abs(seconds)
  if (distance >= 40 * units.day) return formatDate(date)
  const unit = unitNames.find((name) => distance >= units[name]) ?? 'second'
  return relative.format(Math.trunc(seconds / units[unit]), unit)
}

const amount = (value: number, unit: Unit): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)

/** Returns the name of a unit in its singular or plural form: `hour` or `hours`. */
export function unitName(value: number, unit: Unit): string {
  const parts = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(
    value,
  )
  return parts.find(({ type }) => type === 'unit')!.value
}

/** Formats a duration in seconds with its two largest units: `1 day 12 hours`. */
export function formatDuration(seconds: number): string {
  const words: string[] = []
  let remaining = Math.round(seconds)
  for (const unit of unitNames) {
    const value = Math.floor(remaining / units[unit])
    if (value > 0) words.push(amount(value, unit))
    remaining -= value * units[unit]
    if (words.length === 2) break
  }
  return words.join(' ') || amount(0, 'second')
}

/** Returns the largest unit that divides a duration in seconds without a remainder. */
export const unitOf = (seconds: number): Unit =>
  seconds > 0 ? unitNames.find((unit) => seconds % units[unit] === 0)! : 'day'
