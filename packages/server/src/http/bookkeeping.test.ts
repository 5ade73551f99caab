import { afterEach, expect, it, vi } from 'vitest'
import { startServer, type TestServer } from '../../test/server.ts'
import type { Store } from '../store/store.ts'
import { createCache } from '../tokens/cache.ts'
import { createClientSecrets } from '../tokens/client-secrets.ts'

let server: TestServer | undefined
afterEach(async () => {
  vi.restoreAllMocks()
  await server?.stop()
  server = undefined
})

it('a management call does not wait for the record of its key’s use, or fail with it (case F16)', async () => {
  server = await startServer()
  for (const record of [
    () => Promise.reject(new Error('read-only')),
    () => new Promise<void>(() => undefined),
  ]) {
    server.store.keys.recordApiKeyUse = record
    expect((await server.manage('GET', '/users')).status).toBe(200)
  }
})

it('an app server does not wait for the record of its secret’s use, or fail with it (case F16)', async () => {
  for (const recordApiKeyUse of [
    () => Promise.reject(new Error('read-only')),
    () => new Promise<void>(() => undefined),
  ]) {
    const keys = { findApiKey: async () => ({ app_id: 'demo' }), recordApiKeyUse }
    const secrets = createClientSecrets({ keys } as unknown as Store, () => 0)
    expect(await secrets.get('cs1.secret')).toBe('demo')
  }
})

it('a cached value is loaded again in time after the wall clock is put right (case F10)', async () => {
  let wall = 3_600_000
  const monotonic = vi.spyOn(performance, 'now').mockReturnValue(0)
  let loads = 0
  const cache = createCache(
    async () => ++loads,
    1000,
    () => wall,
  )
  expect(await cache.get('a')).toBe(1)
  expect(await cache.get('a')).toBe(1)
  wall = 0
  expect(await cache.get('a')).toBe(2)
  wall = -999
  monotonic.mockReturnValue(1000)
  expect(await cache.get('a')).toBe(3)
})
