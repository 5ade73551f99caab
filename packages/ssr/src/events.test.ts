import { functionTransport } from '@tokenkeep/core'
import { afterEach, expect, it, vi } from 'vitest'
import { createServerSessions } from './sessions.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

it('a listener that throws fails no call: it runs in a microtask of its own', async () => {
  const queued: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (run: () => void) => queued.push(run))
  const onEvent = vi.fn<() => void>(() => {
    throw new Error('a fault of the listener')
  })
  const sessions = createServerSessions({
    appId: 'shop',
    origin: 'https://shop.example',
    keys: ['a key of at least thirty-two characters'],
    transport: functionTransport({
      key: 'shop',
      refresh: async () => ({ authToken: 'second', expiresIn: 60, refreshToken: 'r2' }),
    }),
    onEvent,
  })
  const session = await sessions.open(new Request('https://shop.example/'))
  await session.signIn({ authToken: 'first', expiresIn: 60, refreshToken: 'r1' })
  expect(await session.getAuthToken({ minValidSeconds: 100 })).toBe('second')
  expect(onEvent).not.toHaveBeenCalled()
  expect(() => queued.forEach((run) => run())).toThrow('a fault of the listener')
})
