import type { Settings } from '@tokenkeep/protocol'
import { expect, test } from 'vitest'
import { signInsInFourWeeks, simulateSession, survivesWeekend } from './simulation.ts'

const minute = 60
const hour = 3600
const day = 86_400
const settings = (absolute: number, inactivity: number, lifetime = 5 * minute): Settings => ({
  refresh_enabled: true,
  session_timeout_length: lifetime,
  refresh_absolute_lifetime: absolute,
  refresh_inactivity_lifetime: inactivity,
})

test('one session lasts for a month of work', () => {
  const month = settings(30 * day, 7 * day)
  expect(simulateSession(month).end).toEqual({ at: 30 * day, reason: 'absolute' })
  expect(signInsInFourWeeks(month)).toBe(1)
  expect(survivesWeekend(month)).toBe(true)
})

test('with an inactivity timeout of one hour, a session survives lunch but not the night', () => {
  const strict = settings(24 * hour, hour)
  expect(simulateSession(strict).end).toEqual({ at: 8.5 * hour + hour, reason: 'inactivity' })
  expect(signInsInFourWeeks(strict)).toBe(20)
  expect(survivesWeekend(strict)).toBe(false)
})

test('with an inactivity timeout of 15 minutes, a session does not survive lunch', () => {
  const stricter = settings(12 * hour, 15 * minute)
  expect(simulateSession(stricter).end).toEqual({ at: 3.5 * hour + 15 * minute, reason: 'inactivity' })
  expect(signInsInFourWeeks(stricter)).toBe(40)
})

test('the absolute timeout ends a session during work', () => {
  expect(simulateSession(settings(2 * hour, 0)).end).toEqual({ at: 2 * hour, reason: 'absolute' })
})

test('an inactivity timeout shorter than the auth token lifetime ends a session during work', () => {
  expect(simulateSession(settings(0, 2 * minute)).end).toEqual({ at: 2 * minute, reason: 'inactivity' })
})

test('without an absolute timeout, a session that is used never ends', () => {
  expect(simulateSession(settings(0, 7 * day)).end).toBeUndefined()
})

test('the session ends with the auth token when refresh tokens are off', () => {
  const off = { ...settings(30 * day, 7 * day, hour), refresh_enabled: false }
  expect(simulateSession(off).end).toEqual({ at: hour, reason: 'token' })
  expect(survivesWeekend(off)).toBe(false)
})

test('a session survives a weekend if the inactivity timeout exceeds 63.5 hours', () => {
  expect(survivesWeekend(settings(0, 63 * hour))).toBe(false)
  expect(survivesWeekend(settings(0, 64 * hour))).toBe(true)
})
