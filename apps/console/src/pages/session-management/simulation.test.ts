import type { Settings } from '@tokenkeep/protocol'
import { expect, test } from 'vitest'
import { liveThrough, signInsInFourWeeks, survivesWeekend } from './simulation.ts'

const minute = 60
const hour = 3600
const day = 86_400
const settings = (absolute: number, inactivity: number, lifetime = 5 * minute): Settings => ({
  refresh_enabled: true,
  session_timeout_length: lifetime,
  refresh_absolute_lifetime: absolute,
  refresh_inactivity_lifetime: inactivity,
})

test('a month of work is one session', () => {
  const month = settings(30 * day, 7 * day)
  expect(liveThrough(month).end).toEqual({ at: 30 * day, why: 'absolute' })
  expect(signInsInFourWeeks(month)).toBe(1)
  expect(survivesWeekend(month)).toBe(true)
})

test('an hour of inactivity outlives lunch, and not the night', () => {
  const strict = settings(24 * hour, hour)
  expect(liveThrough(strict).end).toEqual({ at: 8.5 * hour + hour, why: 'inactivity' })
  expect(signInsInFourWeeks(strict)).toBe(20)
  expect(survivesWeekend(strict)).toBe(false)
})

test('a quarter of an hour does not outlive lunch', () => {
  const stricter = settings(12 * hour, 15 * minute)
  expect(liveThrough(stricter).end).toEqual({ at: 3.5 * hour + 15 * minute, why: 'inactivity' })
  expect(signInsInFourWeeks(stricter)).toBe(40)
})

test('the absolute limit ends a session in the middle of work', () => {
  expect(liveThrough(settings(2 * hour, 0)).end).toEqual({ at: 2 * hour, why: 'absolute' })
})

test('an inactivity timeout shorter than the auth token ends a session at work', () => {
  expect(liveThrough(settings(0, 2 * minute)).end).toEqual({ at: 2 * minute, why: 'inactivity' })
})

test('without an absolute limit a session that is used goes on', () => {
  expect(liveThrough(settings(0, 7 * day)).end).toBeUndefined()
})

test('without refresh tokens the auth token is all there is', () => {
  const off = { ...settings(30 * day, 7 * day, hour), refresh_enabled: false }
  expect(liveThrough(off).end).toEqual({ at: hour, why: 'token' })
  expect(survivesWeekend(off)).toBe(false)
})

test('a weekend is 63 and a half hours', () => {
  expect(survivesWeekend(settings(0, 63 * hour))).toBe(false)
  expect(survivesWeekend(settings(0, 64 * hour))).toBe(true)
})
