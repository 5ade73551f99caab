/** Writes times in one language. All times are milliseconds since the Unix epoch. */
export interface Times {
  /** Such as `3 hours ago`. A time that is still to come, by a wrong clock, is `now`. */
  ago(at: number): string
  /** Such as `May 3, 2026`. */
  date(at: number): string
  /** Such as `May 3, 2026, 2:05 PM`. */
  exact(at: number): string
}

/** Milliseconds per unit, the largest unit first. Months and years are those of the Gregorian calendar on average. */
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_556_952_000],
  ['month', 2_629_746_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

export function createTimes(locale: string): Times {
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const exact = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  // Words such as `yesterday` depend on the calendar, and the time that has passed does not.
  const relative = new Intl.RelativeTimeFormat(locale)
  const now = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(0, 'second')
  return {
    ago(at) {
      const passed = Date.now() - at
      const [unit, length] = units.find((each) => passed >= each[1]) ?? []
      return unit && length ? relative.format(-Math.floor(passed / length), unit) : now
    },
    date: (at) => day.format(at),
    exact: (at) => exact.format(at),
  }
}

const isLocale = (tag: string): boolean => {
  try {
    return Intl.getCanonicalLocales(tag).length > 0
  } catch {
    return false
  }
}
const primary = (tag: string): string => tag.split('-')[0]!.toLowerCase()

/**
 * The language in which an element shows times: that of the page, such as `en-GB`, if the texts are in it too. Otherwise that of the
 * texts, because a sentence has one language.
 */
export function localeOf(element: Element, language: string): string {
  const page = (element.closest('[lang]') ?? document.documentElement).getAttribute('lang') ?? ''
  // Many pages write `pt_BR`, which is not a language tag (RFC 5646).
  const tag = page.replaceAll('_', '-')
  return isLocale(tag) && primary(tag) === primary(language) ? tag : isLocale(language) ? language : 'en'
}
