import type { Settings } from '@tokenkeep/protocol'
import { expect, test } from 'vitest'
import { checksOf, effectsOf, endsSessions, faultsOf, isSound } from './checks.ts'

const base: Settings = {
  refresh_enabled: true,
  session_timeout_length: 300,
  refresh_absolute_lifetime: 2_592_000,
  refresh_inactivity_lifetime: 604_800,
}

test('the defaults are sound, and surprise nobody', () => {
  expect(isSound(faultsOf(base))).toBe(true)
  expect(checksOf(base)).toEqual([])
})

test.each([
  [{ session_timeout_length: 4 }, 'session_timeout_length'],
  [{ session_timeout_length: Number.NaN }, 'session_timeout_length'],
  [{ refresh_absolute_lifetime: 34_560_001 }, 'refresh_absolute_lifetime'],
  [{ refresh_inactivity_lifetime: 1.5 }, 'refresh_inactivity_lifetime'],
])('%o is refused at its field', (change, field) => {
  expect(Object.keys(faultsOf({ ...base, ...change }).fields)).toEqual([field])
})

test('a combination is refused as a whole', () => {
  expect(faultsOf({ ...base, session_timeout_length: 601 }).whole).toContain('5 to 600 seconds')
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
])('%o: %o', (change, checks) => {
  expect(checksOf({ ...base, ...change })).toEqual(checks)
})

test('tells what a change does to live sessions', () => {
  const shorter = effectsOf(base, { ...base, refresh_absolute_lifetime: 86_400 })
  expect(shorter).toEqual(['absolute-lower'])
  expect(endsSessions(shorter)).toBe(true)
  const endless = effectsOf(base, { ...base, refresh_inactivity_lifetime: 0 })
  expect(endless).toEqual(['inactivity-higher'])
  expect(endsSessions(endless)).toBe(false)
  expect(effectsOf({ ...base, refresh_enabled: false }, base)).toEqual(['refresh-on'])
})
