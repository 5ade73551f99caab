import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { browserEnvironment } from './environment.ts'

afterEach(() => vi.unstubAllGlobals())

it('passes no delay to setTimeout that a browser would wrap to another one', () => {
  let delays: number[] = []
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => {
    delays.push(ms)
    // Each timer fires at once. A few are enough.
    if (delays.length < 10) callback()
  })
  fc.assert(
    fc.property(fc.double({ min: -1e13, max: 1e13, noNaN: true }), (ms) => {
      delays = []
      browserEnvironment.after(ms, () => {})
      expect(delays.filter((delay) => !(delay >= 0 && delay < 2 ** 31))).toEqual([])
    }),
  )
})
