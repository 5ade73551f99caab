import fc from 'fast-check'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { browserEnvironment } from './environment.ts'
import { portableEnvironment } from './platforms/portable.ts'

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

it('a browser never gets weaker random ids: without `crypto`, it gets an error', () => {
  vi.stubGlobal('crypto', undefined)
  expect(() => browserEnvironment.entropy()).toThrow(TypeError)
})

it('the portable environment makes ids without `crypto`, all different (case A4)', () => {
  vi.stubGlobal('crypto', undefined)
  const ids = Array.from({ length: 1000 }, () => portableEnvironment.entropy().id)
  expect(new Set(ids).size).toBe(1000)
})

it.each(Object.entries({ browserEnvironment, portableEnvironment }))(
  '%s follows no redirect, and sends nothing to the second address (case A4)',
  async (_, environment) => {
    const asked: string[] = []
    const server = createServer(({ url }, response) => {
      asked.push(url!)
      response.writeHead(307, { location: '/second' }).end()
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const { port } = server.address() as AddressInfo
    try {
      const answer = environment.fetch(`http://localhost:${port}/first`, { method: 'POST', body: 'secret' })
      await expect(answer).rejects.toThrow(TypeError)
      expect(asked).toEqual(['/first'])
    } finally {
      server.close()
    }
  },
)
