import axios from 'axios'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { openProofServer } from '../../test/proof-server.ts'
import { authorizeAxios } from '../http/axios.ts'
import { createAuthFetch } from '../http/fetch.ts'
import { createTokenManager } from '../manager/manager.ts'
import { customStore } from '../stores/custom-store.ts'
import { memoryStore, type Store } from '../stores/store.ts'
import type { SessionRecord } from '../tabs/record.ts'
import { sessionServer } from '../transports/session-server.ts'
import { withCookie } from '../transports/with-cookie.ts'
import type { ProvenSession } from './proof.ts'
import { sendProof } from './send-proof.ts'
import { withProof } from './with-proof.ts'

type World = Awaited<ReturnType<typeof openProofServer>>

/** A store that clones its records, as a database does. */
function cloningStore(): Store & { readonly records: Map<string, SessionRecord | undefined> } {
  const records = new Map<string, SessionRecord | undefined>()
  return {
    records,
    async update(key, change) {
      const before = records.get(key)
      const after = change(before)
      if (after !== before) records.set(key, structuredClone(after))
      return records.get(key)
    },
  }
}

async function open(world: World, storage: Store = cloningStore()) {
  const server = sessionServer({ url: world.url, appId: 'app' })
  const auth = createTokenManager({ transport: withProof(server), storage })
  onTestFinished(() => auth.dispose())
  return auth
}
const signedIn = async (world: World, storage?: Store) => {
  const auth = await open(world, storage)
  await auth.signIn(world.issue())
  return auth
}
let ahead = 0
beforeEach(() => {
  const { now } = Date
  vi.spyOn(Date, 'now').mockImplementation(() => now() + ahead)
})
afterEach(() => vi.restoreAllMocks())
/** Lets the token grow old: a token that has just arrived is not refreshed. */
const growOld = (): void => void (ahead += 10_000)
const refresh = async (auth: Awaited<ReturnType<typeof open>>): Promise<string> => {
  const rejected = await auth.getAuthToken()
  growOld()
  return auth.getAuthToken({ rejected })
}
const dpopOf = (auth: Awaited<ReturnType<typeof open>>) => (auth.session() as ProvenSession).dpop

describe('withProof', () => {
  it('binds the session with the first refresh, and keeps one key for it', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    expect(world.jkt).toEqual(expect.any(String))
    expect(dpopOf(auth)).toMatchObject({ isBound: true })
    await refresh(auth)
    const [first, second, ...more] = world.refreshes
    expect([first!.jkt, second!.jkt, more]).toEqual([world.jkt, world.jkt, []])
    expect(first!.jti).not.toBe(second!.jti)
  })

  it('makes a key that no script can read, and a new one for each sign-in', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    const { privateKey } = dpopOf(auth)!
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
    const before = world.jkt
    world.jkt = undefined
    await auth.signIn({ ...world.issue(), session_id: 's2' })
    expect(dpopOf(auth)).toBeUndefined()
    await refresh(auth)
    expect(world.jkt).not.toBe(before)
  })

  it('stores the key before the server knows it, so a lost answer or a crash loses nothing (rowBeforeProof)', async () => {
    const world = await openProofServer()
    const storage = cloningStore()
    const first = await signedIn(world, storage)
    world.faults = ['lost', 'lost']
    await refresh(first).catch(() => {})
    first.dispose()
    expect(world.refreshes.map(({ jkt }) => jkt)).toEqual(
      [world.jkt, world.jkt].slice(0, world.refreshes.length),
    )
    // The page is opened again. Its key and its retry id are those of the record.
    const second = await open(world, storage)
    await expect.poll(() => second.get().session).toBeDefined()
    await refresh(second)
    expect(new Set(world.refreshes.map(({ jkt }) => jkt)).size).toBe(1)
    expect(dpopOf(second)).toMatchObject({ isBound: true })
  })

  it('sends the request again at once, with the same retry id, if the server wants a nonce', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    world.faults = ['nonce']
    await refresh(auth)
    expect(world.refreshes).toHaveLength(2)
    expect(world.refreshes[0]!.retryId).toBe(world.refreshes[1]!.retryId)
    expect(world.refreshes[0]!.jti).not.toBe(world.refreshes[1]!.jti)
    await refresh(auth)
    expect(world.refreshes).toHaveLength(3)
  })

  it('gives up if the server never accepts a nonce, and signs nobody out', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    world.faults = Array.from({ length: 20 }, () => 'nonce')
    const error = await refresh(auth).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'misconfigured' })
    expect(world.refreshes).toHaveLength(2)
    expect(auth.session()).toBeDefined()
  })

  it('leaves the session as it is if the server binds nothing', async () => {
    const world = await openProofServer()
    world.binding = 'off'
    const auth = await signedIn(world)
    await refresh(auth)
    expect(dpopOf(auth)?.isBound).toBe(false)
    const send = createAuthFetch(auth, { origins: [world.url], proof: sendProof })
    expect((await send(`${world.url}/api`)).status).toBe(200)
    expect(world.calls[0]).toMatchObject({ authorization: `Bearer ${world.token}`, jkt: undefined })
    // Once it binds, the same key is used.
    world.binding = 'preferred'
    await refresh(auth)
    expect(dpopOf(auth)?.isBound).toBe(true)
  })

  it('leaves the session as it is if the storage keeps only text, or refuses the key', async () => {
    const texts = new Map<string, string>()
    const text = customStore({
      read: (key) => texts.get(key),
      write: (key, value) => void texts.set(key, value),
    })
    const records = cloningStore()
    const refusing: Store = {
      update: (key, change) =>
        records.update(key, (before) => {
          const after = change(before)
          if ((after?.session as ProvenSession | undefined)?.dpop)
            throw new DOMException('A CryptoKey cannot be cloned.', 'DataCloneError')
          return after
        }),
    }
    for (const storage of [text, refusing]) {
      const world = await openProofServer()
      const auth = await signedIn(world, storage)
      const token = await refresh(auth)
      expect(token).toBe(world.token)
      expect(await refresh(auth)).not.toBe(token)
      expect(world.refreshes.map(({ jkt }) => jkt)).toEqual([undefined, undefined])
    }
  })

  it('leaves the session as it is on a platform without such keys', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    vi.spyOn(crypto.subtle, 'generateKey').mockRejectedValue(new DOMException('no', 'NotSupportedError'))
    await refresh(auth)
    expect(world.refreshes.map(({ jkt }) => jkt)).toEqual([undefined])
  })

  it('asks for a new sign-in, and ends nothing, if the key of a bound session is lost (oidc-client-ts#1569)', async () => {
    const world = await openProofServer()
    const storage = cloningStore()
    const auth = await signedIn(world, storage)
    await refresh(auth)
    for (const [key, record] of storage.records) storage.records.set(key, JSON.parse(JSON.stringify(record)))
    await expect(refresh(auth)).rejects.toMatchObject({ code: 'sign-in-required' })
    expect(auth.get()).toMatchObject({ status: 'expired', session: { renewable: false } })
    // A request without a proof would be an alarm of theft at the server.
    expect(world.refreshes).toHaveLength(1)
  })

  it('works in a cookie too, and signs out without a proof', async () => {
    const world = await openProofServer()
    const server = sessionServer({ url: world.url, appId: 'app' })
    const auth = createTokenManager({ transport: withProof(withCookie(server)), storage: cloningStore() })
    onTestFinished(() => auth.dispose())
    await auth.signIn(world.issue())
    await refresh(auth)
    expect(dpopOf(auth)).toMatchObject({ isBound: true })
    await auth.signOut()
    expect(auth.get().status).toBe('signed-out')
  })

  it('gives two tabs that refresh at once one key', async () => {
    const world = await openProofServer()
    const storage = cloningStore()
    const one = await signedIn(world, storage)
    const two = await open(world, storage)
    await expect.poll(() => two.get().session).toBeDefined()
    await Promise.all([refresh(one), refresh(two)].map((each) => each.catch(() => {})))
    await refresh(one)
    await refresh(two)
    const keys = new Set(world.refreshes.map(({ jkt }) => jkt).filter(Boolean))
    expect([...keys]).toEqual([world.jkt])
  })
})

describe('sendProof', () => {
  it('proves the key for each request: its method, its URL, its token, and the tries after a 401', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    const send = createAuthFetch(auth, { origins: [world.url], proof: sendProof })
    const init = { method: 'POST', body: 'hello' }
    expect(await (await send(`${world.url}/api?page=2#top`, init)).json()).toEqual({ body: 'hello' })
    expect(world.calls).toEqual([{ authorization: `DPoP ${world.token}`, body: 'hello', jkt: world.jkt }])

    // The API rejects this token: the second try has the new token, and a proof for it.
    world.issue()
    growOld()
    expect((await send(new Request(`${world.url}/api`, init))).status).toBe(200)
    expect(world.calls.slice(1).map(({ jkt, body }) => [jkt, body])).toEqual([
      [world.jkt, 'hello'],
      [world.jkt, 'hello'],
    ])
  })

  it('sends a request again once, with its body, if the API wants a nonce, and keeps that nonce', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    world.apiNonce = 'first'
    const send = createAuthFetch(auth, { origins: [world.url], proof: sendProof })
    expect((await send(`${world.url}/api`, { method: 'PUT', body: 'x' })).status).toBe(200)
    expect(world.calls.map(({ body }) => body)).toEqual(['x', 'x'])
    await send(`${world.url}/api`)
    expect(world.calls).toHaveLength(3)
    expect(world.refreshes).toHaveLength(1)
  })

  it('uses the newest nonce, also that of an answer to a second try (opentdf/java-sdk#374, joshlacal/Petrel#23)', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    world.apiNonce = 'first'
    world.rotates = true
    const send = createAuthFetch(auth, { origins: [world.url], proof: sendProof })
    expect((await send(`${world.url}/api`)).status).toBe(200)
    expect(world.calls).toHaveLength(2)
    for (let tries = 1; tries <= 3; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- One after the other: each answer has the next nonce.
      expect((await send(`${world.url}/api`)).status).toBe(200)
      expect(world.calls).toHaveLength(2 + tries)
    }
  })

  it('works with axios', async () => {
    const world = await openProofServer()
    const auth = await signedIn(world)
    await refresh(auth)
    world.apiNonce = 'first'
    const client = axios.create({ baseURL: world.url, proxy: false })
    authorizeAxios(client, auth, { origins: [world.url], proof: sendProof })
    const { status } = await client.patch('/api', { a: 1 }, { params: { page: 2 } })
    expect(status).toBe(200)
    expect(world.calls.map(({ authorization, jkt }) => [authorization, jkt])).toEqual([
      [`DPoP ${world.token}`, world.jkt],
      [`DPoP ${world.token}`, world.jkt],
    ])
  })

  it('sends a bearer token for a manager without a key', async () => {
    const world = await openProofServer()
    const transport = sessionServer({ url: world.url, appId: 'app' })
    const auth = createTokenManager({ transport, storage: memoryStore() })
    onTestFinished(() => auth.dispose())
    await auth.signIn(world.issue())
    await createAuthFetch(auth, { origins: [world.url], proof: sendProof })(`${world.url}/api`)
    expect(world.calls[0]).toMatchObject({ authorization: `Bearer ${world.token}`, jkt: undefined })
  })
})
