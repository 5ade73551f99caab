import { settingsChange, settingsFault, type Settings } from '@tokenkeep/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { effectsOf, endsSessions, isValid, validate, validPart, warningsOf } from './checks.ts'

const base: Settings = {
  refresh_enabled: true,
  session_timeout_length: 300,
  refresh_absolute_lifetime: 2_592_000,
  refresh_inactivity_lifetime: 604_800,
}

test('accepts the defaults without warnings', () => {
  expect(isValid(validate(base))).toBe(true)
  expect(warningsOf(base)).toEqual([])
})

test.each([
  [{ session_timeout_length: 4 }, 'session_timeout_length'],
  [{ session_timeout_length: Number.NaN }, 'session_timeout_length'],
  [{ refresh_absolute_lifetime: 34_560_001 }, 'refresh_absolute_lifetime'],
  [{ refresh_inactivity_lifetime: 1.5 }, 'refresh_inactivity_lifetime'],
  [{ session_timeout_length: 601 }, 'session_timeout_length'],
])('for %o, reports an error at the field %s', (change, field) => {
  expect(Object.keys(validate({ ...base, ...change }).fields)).toEqual([field])
})

test('says at the field what is wrong, in the units of the page (case H1)', () => {
  const at = (change: Partial<Settings>) => validate({ ...base, ...change }).fields
  expect(at({ session_timeout_length: 99 * 60 })).toEqual({
    session_timeout_length: 'Enter at most 10 minutes, or turn refresh tokens off.',
  })
  expect(at({ session_timeout_length: 25 * 3600, refresh_enabled: false })).toEqual({
    session_timeout_length: 'Enter at most 1 day.',
  })
  expect(at({ session_timeout_length: 4 })).toEqual({ session_timeout_length: 'Enter at least 5 seconds.' })
  expect(at({ refresh_inactivity_lifetime: Number.NaN })).toEqual({
    refresh_inactivity_lifetime: 'Enter a number.',
  })
  expect(Object.keys(at({ refresh_absolute_lifetime: 0, refresh_inactivity_lifetime: 0 }))).toEqual([
    'refresh_absolute_lifetime',
    'refresh_inactivity_lifetime',
  ])
})

test('agrees with the server about every setting, and marks a field for each fault (case H1)', () => {
  const seconds = fc.oneof(
    fc.constantFrom(0, 1, 4, 5, 600, 601, 86_400, 86_401, 34_560_000, 34_560_001, -1, 1.5, Number.NaN, 5940),
    fc.integer({ min: 0, max: 40_000_000 }),
  )
  const settings = fc.record({
    refresh_enabled: fc.boolean(),
    session_timeout_length: seconds,
    refresh_absolute_lifetime: seconds,
    refresh_inactivity_lifetime: seconds,
  })
  fc.assert(
    fc.property(settings, (value) => {
      const errors = validate(value)
      const isAccepted = settingsChange.safeParse(value).success && settingsFault(value) === undefined
      expect(isValid(errors)).toBe(isAccepted)
      if (value.refresh_enabled) expect(errors.combination).toBeUndefined()
      expect(Object.values(errors.fields).join(' ')).not.toMatch(/must be|\d{3,} seconds/)
      expect(isValid(validate(validPart(value, errors, base)))).toBe(true)
    }),
  )
})

test.each([
  [{ refresh_inactivity_lifetime: 2_592_000 }, ['inactivity-never']],
  [{ refresh_inactivity_lifetime: 300 }, ['active-signed-out']],
  [{ refresh_inactivity_lifetime: 301 }, ['inactivity-tight']],
  [
    { refresh_absolute_lifetime: 60, refresh_inactivity_lifetime: 0 },
    ['absolute-before-refresh', 'no-inactivity'],
  ],
  [{ refresh_absolute_lifetime: 0 }, ['no-absolute']],
])('with %o, warns of %o', (change, warnings) => {
  expect(warningsOf({ ...base, ...change })).toEqual(warnings)
})

test('lists the effects of a change on live sessions', () => {
  const shorter = effectsOf(base, { ...base, refresh_absolute_lifetime: 86_400 })
  expect(shorter).toEqual(['absolute-lower'])
  expect(endsSessions(shorter)).toBe(true)
  const endless = effectsOf(base, { ...base, refresh_inactivity_lifetime: 0 })
  expect(endless).toEqual(['inactivity-higher'])
  expect(endsSessions(endless)).toBe(false)
  expect(effectsOf({ ...base, refresh_enabled: false }, base)).toEqual(['refresh-on'])
})
