import { expect, test } from 'vitest'
import { valuesOf, windowOf } from './time-window.ts'

const zero = { sign_ins: 0, refreshes: 0, replays: 0, reuses: 0, fast_forwards: 0, refusals: 0, sign_outs: 0 }

test('a window ends with the step that is running', () => {
  expect(windowOf('24h', 1_000_000)).toEqual({ from: 914_400, to: 1_000_800, step: 1800 })
})

test('what happened stands at its step; what nobody measured is not nothing', () => {
  const window = { from: 0, to: 240, step: 60 }
  const points = [{ ...zero, at: 60, sign_ins: 3, live_sessions: 7 }]
  expect(valuesOf(points, 'sign_ins', window)).toEqual([0, 3, 0, 0])
  expect(valuesOf(points, 'live_sessions', window)).toEqual([undefined, 7, undefined, undefined])
})
