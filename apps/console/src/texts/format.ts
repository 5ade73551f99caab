import { language } from './index.ts'

const number = new Intl.NumberFormat(language)
const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
const clock = new Intl.DateTimeFormat(language, { timeStyle: 'short' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

export const units = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const
export type Unit = keyof typeof units
const unitNames = Object.keys(units) as Unit[]

export const asNumber = (value: number): string => number.format(value)
export const asDateTime = (date: Date): string => dateTime.format(date)
const asDay = (date: Date): string => day.format(date)
export const asClock = (date: Date): string => clock.format(date)

/** `3 minutes ago`, `in 2 days`; the date itself where that is long ago or far off. */
export function ago(date: Date, now = Date.now()): string {
  const seconds = Math.round((date.getTime() - now) / 1000)
  const size = Math.abs(seconds)
  if (size >= 40 * units.day) return asDay(date)
  const unit = unitNames.find((each) => size >= units[each]) ?? 'second'
  return relative.format(Math.trunc(seconds / units[unit]), unit)
}

const amount = (value: number, unit: Unit): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(value)

/** `hour` or `hours`, as the number asks. */
export function unitName(value: number, unit: Unit): string {
  const parts = new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).formatToParts(
    value,
  )
  return parts.find(({ type }) => type === 'unit')!.value
}

/** A duration in its two largest units: `1 day 12 hours`. */
export function inWords(seconds: number): string {
  const words: string[] = []
  let rest = Math.round(seconds)
  for (const unit of unitNames) {
    const value = Math.floor(rest / units[unit])
    if (value > 0) words.push(amount(value, unit))
    rest -= value * units[unit]
    if (words.length === 2) break
  }
  return words.join(' ') || amount(0, 'second')
}

/** The largest unit a duration is a whole number of. */
export const unitOf = (seconds: number): Unit =>
  seconds > 0 ? unitNames.find((unit) => seconds % units[unit] === 0)! : 'day'
