import type { Settings } from '@tokenkeep/protocol'
import { expect, test } from 'vitest'
import { effectsOf, endsSessions, isValid, validate, warningsOf } from './checks.ts'

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
])('for %o, reports an error at the field %s', (change, field) => {
  expect(Object.keys(validate({ ...base, ...change }).fields)).toEqual([field])
})

test('reports an error for a combination of valid fields', () => {
  expect(validate({ ...base, session_timeout_length: 601 }).combination).toContain('5 to 600 seconds')
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
