import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { browserEnvironment } from './environment.ts'

afterEach(() => vi.unstubAllGlobals())

it('passes only delays from 0 to 2^31 - 1 ms to setTimeout, because browsers wrap all others', () => {
  let delays: number[] = []
  vi.stubGlobal('setTimeout', (callback: () => void, ms: number) => {
    delays.push(ms)
    // Each timer fires at once. A few are enough.
    if (delays.length < 10) callback()
    return 0
  })
  fc.assert(
    fc.property(fc.double({ min: -1e13, max: 1e13, noNaN: true }), (ms) => {
      delays = []
      browserEnvironment.after(ms, () => {})
      expect(delays.filter((delay) => !(delay >= 0 && delay < 2 ** 31))).toEqual([])
    }),
  )
})
