import { describe, expect, it, vi } from 'vitest'
import { expireToken, pass, signedIn, tabs, until } from '../../test/each-test.ts'
import type { Tab } from '../../test/tabs.ts'
import { fullStore, hangingStore } from '../../test/stores.ts'
import { serverUrl } from '../../test/tabs.ts'
import { sessionServer } from '../transports/session-server.ts'
import { createTokenManager } from './manager.ts'

const transport = sessionServer({ url: serverUrl, appId: 'app' })
const retryIds = () => new Set(tabs.refreshes.map(({ headers }) => headers.get('idempotency-key')))

it('after a reload, the session is read from storage', async () => {
  const before = await signedIn()
  const token = await before.getAuthToken()
  before.dispose()
  const after = tabs.create()
  expect(after.get()).toEqual({ status: 'refreshing' })
  expect(await after.getAuthToken()).toBe(token)
  await expect(before.getAuthToken()).rejects.toMatchObject({ code: 'disposed' })
})

describe('a storage that is full', () => {
  it('F16: a refresh is sent only if its retry id is in storage', async () => {
    let isFull = false
    const auth = tabs.create({ storage: fullStore(tabs.storage, () => isFull) })
    await auth.signIn(tabs.server.signIn())
    await expireToken()
    isFull = true
    // The first retry id was written with the sign-in; the second could not be written.
    await auth.getAuthToken()
    await expireToken()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    expect(tabs.refreshes).toHaveLength(1)
    isFull = false
    await pass(1000)
    await auth.getAuthToken()
    expect(tabs.refreshes).toHaveLength(2)
  })

  it('F17: a token that cannot be stored serves this tab, and is stored later', async () => {
    let isFull = false
    const auth = tabs.create({ storage: fullStore(tabs.storage, () => isFull) })
    await auth.signIn(tabs.server.signIn())
    await expireToken()
    isFull = true
    const token = await auth.getAuthToken()
    expect(auth.get()).toMatchObject({ status: 'valid', token })
    expect((await tabs.record())!.generation).toBe(0)
    isFull = false
    await expireToken()
    await auth.getAuthToken()
    expect(tabs.refreshes.map(({ body }) => body['refresh_token'])).toEqual(['s0:0:u1', 's0:1:u1'])
    expect((await tabs.record())!.generation).toBe(2)
  })

  it('if a token that can still be used cannot be refreshed, it is served, and the state is valid again', async () => {
    let isFull = false
    const auth = await tabs.open({ storage: fullStore(tabs.storage, () => isFull) })
    await auth.signIn(tabs.server.signIn())
    isFull = true
    const early = { minValidSeconds: 299 }
    const token = await auth.getAuthToken(early)
    await pass(10_000)
    const statuses: string[] = []
    auth.subscribe(({ status }) => statuses.push(status))
    await expect(auth.getAuthToken(early)).resolves.toBe(token)
    await pass(10)
    expect(statuses).toEqual(['refreshing', 'valid'])
  })
})

describe('a storage that hangs because a frozen tab blocks it', () => {
  it('refreshes from memory with the retry id that every tab knows, and signs out in every tab', async () => {
    const storage = hangingStore(tabs.storage)
    const [one, two] = [tabs.create({ storage }), tabs.create({ storage })]
    await one.signIn(tabs.server.signIn())
    await until(two, 'valid')
    await expireToken()
    storage.hang()
    const tokens = Promise.all([one.getAuthToken(), two.getAuthToken()])
    await pass()
    await expect(tokens).resolves.toHaveLength(2)
    expect(retryIds().size).toBe(1)

    const signedOut = expect(one.signOut()).rejects.toMatchObject({ code: 'storage' })
    await pass(1)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
    await pass(6000)
    await signedOut
    expect(tabs.server.requests.at(-1)!.method).toBe('DELETE')
    storage.release()
    await pass(100)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
    await until(tabs.create(), 'signed-out')
  })

  it.each<[string, (tab: Tab) => Promise<unknown>]>([
    ['that was signed in', (tab) => tab.signIn(tabs.server.signIn())],
    ['that was signed out', (tab) => tab.signIn(tabs.server.signIn()).then(tab.signOut)],
    ['where nobody was signed in', async () => undefined],
  ])('a tab %s shows the sign-in of another tab once the storage answers', async (_, begin) => {
    const storage = hangingStore(tabs.storage)
    const [one, two] = [tabs.create(), tabs.create({ storage })]
    await begin(one)
    await until(two, one.get().status)
    await pass(100)
    storage.hang()
    await one.signIn(tabs.server.signIn())
    // Nothing else happens in the other tab.
    await pass(60_000)
    storage.release()
    await pass(10_000)
    expect(two.get()).toEqual(one.get())
  })

  it('stays in the first state if the storage hangs from the start, and calls reject with `storage`', async () => {
    await signedIn()
    const storage = hangingStore(tabs.storage)
    storage.hang()
    const auth = tabs.create({ storage })
    const failed = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    await pass()
    await failed
    expect(auth.get()).toEqual({ status: 'refreshing' })
    storage.release()
    await until(auth, 'valid')
  })
})

describe('no storage', () => {
  it('F20: if the browser denies it, the session is kept in this tab, and the app is told', async () => {
    vi.stubGlobal('indexedDB', {
      open() {
        throw new DOMException('', 'SecurityError')
      },
    })
    const onEvent = vi.fn<(event: unknown) => void>()
    const auth = createTokenManager({ transport, environment: tabs.environment(), onEvent })
    await until(auth, 'signed-out')
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'unreadable' })
    await auth.signIn(tabs.server.signIn())
    expect(auth.get().status).toBe('valid')
    await expireToken()
    await auth.getAuthToken()
    await auth.signOut()
    await vi.waitFor(() => expect(tabs.server.requests.at(-1)!.method).toBe('DELETE'), { interval: 1 })
    await vi.waitFor(() => expect(onEvent).toHaveBeenCalledTimes(2), { interval: 1 })
    expect(onEvent.mock.calls).toEqual([
      [{ type: 'storage-degraded', cause: expect.any(DOMException) }],
      [{ type: 'refresh-ended' }],
    ])
    auth.dispose()
  })

  it('if the platform has none, the first state stays, no request is sent, and calls reject with `storage`', async () => {
    const auth = createTokenManager({ transport, environment: tabs.environment() })
    expect(auth.get()).toEqual({ status: 'refreshing' })
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'storage' })
    expect(tabs.server.requests).toEqual([])
    auth.dispose()
  })

  it('F18: if it is cleared, an open tab is signed out when it reads the storage next, and a new tab finds nothing', async () => {
    const auth = await signedIn()
    await expireToken()
    await tabs.clear()
    auth.wake()
    await until(auth, 'signed-out')
    expect(auth.get()).toMatchObject({ reason: 'unreadable' })
    const later = await tabs.open()
    expect(later.get()).toMatchObject({ status: 'signed-out', reason: 'none' })
  })
})

it('a refresh whose lock is released late does not undo a sign-in that came after it', async () => {
  const environment = tabs.environment()
  const auth = await tabs.open({
    environment: {
      ...environment,
      lock: async (...args) => {
        await environment.lock(...args)
        await new Promise((resolve) => setTimeout(resolve, 50))
      },
    },
  })
  await auth.signIn(tabs.server.signIn())
  await expireToken()
  void auth.getAuthToken().catch(() => {})
  await pass(10)
  expect((await tabs.record())!.generation).toBe(1)
  await auth.signIn(tabs.server.signIn('u2'))
  await pass(1000)
  expect(auth.session()?.userId).toBe('u2')
})
