import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createTimes } from './times.ts'

const NOW = Date.UTC(2026, 10, 25, 1)
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

beforeEach(() => void vi.useFakeTimers({ now: NOW, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

test.each([
  [0, 'now'],
  [59_999, 'now'],
  [MINUTE, '1 minute ago'],
  [HOUR - 1, '59 minutes ago'],
  [23 * HOUR, '23 hours ago'],
  // At one o'clock in the night, this was not yesterday.
  [30 * HOUR, '1 day ago'],
  [13 * DAY, '1 week ago'],
  [60 * DAY, '1 month ago'],
  [364 * DAY, '11 months ago'],
  [800 * DAY, '2 years ago'],
  // The clock of this device is behind that of the server.
  [-5 * MINUTE, 'now'],
])('says how long ago a time was: %d ms', (passed, words) => {
  expect(createTimes('en').ago(NOW - passed)).toBe(words)
})

test('writes times in the language that it is given', () => {
  expect(createTimes('de').ago(NOW - 2 * HOUR)).toBe('vor 2 Stunden')
  expect(createTimes('de').ago(NOW)).toBe('jetzt')
  expect(createTimes('ar-EG').date(NOW)).toMatch(/٢٠٢٦/)
})
