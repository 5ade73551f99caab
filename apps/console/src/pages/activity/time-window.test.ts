import { expect, test } from 'vitest'
import { timeWindowOf, valuesOf } from './time-window.ts'

const zero = { sign_ins: 0, refreshes: 0, replays: 0, reuses: 0, fast_forwards: 0, refusals: 0, sign_outs: 0 }

test('the window ends with the current step', () => {
  expect(timeWindowOf('24h', 1_000_000)).toEqual({ from: 914_400, to: 1_000_800, step: 1800 })
})

test('puts each value at its step: a missing count is 0, a missing gauge is undefined', () => {
  const window = { from: 0, to: 240, step: 60 }
  const points = [{ ...zero, at: 60, sign_ins: 3, live_sessions: 7 }]
  expect(valuesOf(points, 'sign_ins', window)).toEqual([0, 3, 0, 0])
  expect(valuesOf(points, 'live_sessions', window)).toEqual([undefined, 7, undefined, undefined])
})
