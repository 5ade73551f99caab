import { describe, expect, it } from 'vitest'
import {
  expireToken,
  pass,
  signedIn,
  tabs,
  until,
  untilRefreshes,
  untilRevoked,
} from '../../test/each-test.ts'
import { hangingStore, steppedStore } from '../../test/stores.ts'
import { refusal, superseded } from '../../test/strict-server.ts'
import { endpoint, serverUrl } from '../../test/tabs.ts'
import { browserEnvironment } from '../environment.ts'
import { applyAnswer } from '../tabs/answer.ts'
import type { SignedInRecord } from '../tabs/record.ts'
import { sessionServer } from '../transports/session-server.ts'

const transport = sessionServer({ url: serverUrl, appId: 'app' })

describe('the server refuses a refresh', () => {
  it('F32: every tab is signed out, with the server’s reason', async () => {
    const [one, two] = [await signedIn(), tabs.create()]
    await until(two, 'valid')
    await expireToken()
    tabs.delivery = () => refusal('inactive')
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'inactive' })
    await until(two, 'signed-out')
    expect(two.get()).toEqual({ status: 'signed-out', reason: 'inactive' })
  })

  it('F33: if another tab has signed in meanwhile, its session is adopted', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.deliveries = [
      async () => {
        await tabs.create().signIn(tabs.server.signIn())
        return refusal()
      },
    ]
    await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
    expect(auth.session()?.id).toBe('s1')
  })
})

describe('another refresh of the session was answered since', () => {
  /** A thief who has the whole record refreshes twice. */
  const steal = async (): Promise<void> => {
    const { refreshToken, retryId } = (await tabs.record()) as SignedInRecord
    for (const [token, id] of [
      [refreshToken!, retryId],
      [refreshToken!.replace(':0:', ':1:'), 'thief'],
    ] as const)
      tabs.server.handle({
        method: 'POST',
        headers: new Headers({ 'idempotency-key': id }),
        body: { refresh_token: token },
      })
  }

  it('T09, R3: if no tab of this device sent it, every tab is signed out, and the server hears of the theft', async () => {
    const [one, two] = [await signedIn(), tabs.create()]
    await until(two, 'valid')
    await expireToken()
    await steal()
    await expect(one.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'displaced' })
    await until(two, 'signed-out')
    await untilRevoked('s0')
    expect(tabs.server.requests.at(-1)!.body).toMatchObject({ session_id: 's0', reason: 'displaced' })
    expect(tabs.server.alarms).toBe(1)
  })

  it('T09: the server hears of the theft also if it could not be reached at first', async () => {
    const auth = await signedIn()
    await expireToken()
    await steal()
    tabs.deliveries = ['served', 'lost']
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    auth.crash()
    tabs.create()
    await untilRevoked('s0')
    expect(tabs.server.alarms).toBe(1)
  })

  it('R3: if another tab sent it, its record is adopted, and there is no alarm', async () => {
    const auth = await signedIn()
    await expireToken()
    const other = await tabs.open({ storage: tabs.storage })
    tabs.deliveries = [
      async () => {
        // The other tab does not wait for the lock of the slow one.
        const { refreshToken, retryId } = (await tabs.record()) as SignedInRecord
        const headers = new Headers({ 'idempotency-key': retryId })
        const body = { refresh_token: refreshToken! }
        const answer = await tabs.server.handle({ method: 'POST', headers, body }).json()
        const issued = transport.parseTokenResponse(answer.auth_result, Date.now())
        const entropy = browserEnvironment.entropy()
        await tabs.storage.update(
          endpoint,
          applyAnswer((await tabs.record()) as SignedInRecord, { issued }, entropy),
        )
        return superseded()
      },
    ]
    await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
    expect(other.session()?.id).toBe('s0')
    expect([tabs.server.alarms, tabs.server.sessions.get('s0')!.ended]).toEqual([0, false])
  })

  it('an answer 409 with any other code, such as a proxy’s, ends nothing', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.delivery = () => Response.json({ code: 'conflict', error: '' }, { status: 409 })
    const refused = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await pass()
    await refused
    expect(auth.get().status).toBe('expired')
  })
})

describe('a sign-out', () => {
  it('F35: wins over a refresh that is under way, whose answer is dropped', async () => {
    const [one, two] = [await signedIn(), tabs.create()]
    await until(two, 'valid')
    await expireToken()
    tabs.deliveries = ['answer-held']
    const waiting = two.getAuthToken()
    await untilRefreshes(1)
    await one.signOut()
    expect(one.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await expect(waiting).rejects.toMatchObject({ code: 'sign-in-required', reason: 'signed-out' })
    tabs.release()
    await pass(100)
    expect([one.get().status, two.get().status]).toEqual(['signed-out', 'signed-out'])
  })

  it('F38: works offline, and the session is revoked once when the server can be reached', async () => {
    const auth = await signedIn()
    tabs.delivery = 'lost'
    await auth.signOut()
    expect(auth.get().status).toBe('signed-out')
    auth.crash()
    tabs.delivery = 'served'
    tabs.server.requests.length = 0
    tabs.create()
    await untilRevoked('s0')
    expect(tabs.server.requests).toMatchObject([
      { method: 'DELETE', body: { refresh_token: expect.stringMatching(/^s0:0:/) } },
    ])
    await pass(60_000)
    expect(tabs.server.requests).toHaveLength(1)
  })

  it('waits until the storage has been read, and an aborted caller does not affect it', async () => {
    const before = await signedIn()
    before.crash()
    const storage = hangingStore(tabs.storage)
    storage.hang()
    const auth = tabs.create({ storage })
    const statuses: string[] = []
    auth.subscribe(({ status }) => statuses.push(status))
    const caller = new AbortController()
    const aborted = expect(auth.getAuthToken({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    const signingOut = auth.signOut()
    caller.abort()
    await aborted
    storage.release()
    await signingOut
    await pass(10)
    expect(statuses).toEqual(['signed-out'])
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
    expect(tabs.server.sessions.get('s0')!.ended).toBe(true)
  })

  it('rejects if the storage does not answer in time, and is written later', async () => {
    const storage = hangingStore(tabs.storage)
    const auth = await tabs.open({ storage })
    await auth.signIn(tabs.server.signIn())
    storage.hang()
    const failed = expect(auth.signOut()).rejects.toMatchObject({ code: 'storage' })
    expect(auth.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
    await pass(5000)
    await failed
    storage.release()
    await pass(0)
    expect(await tabs.record()).toMatchObject({ reason: 'signed-out' })
  })
})

describe('a sign-out while a sign-in of the same tab is being written', () => {
  /** A tab whose sign-in waits for the storage. */
  const signingIn = async () => {
    const storage = steppedStore(tabs.storage)
    const next = async (error?: Error): Promise<void> => {
      storage.step(error)
      await pass(0)
    }
    const opening = tabs.open({ storage })
    await next()
    await next()
    const auth = await opening
    const statuses: string[] = []
    auth.subscribe(({ status }) => statuses.push(status))
    const done = auth.signIn(tabs.server.signIn())
    return { auth, statuses, done, storage, next }
  }
  const expectSignedOutAndRevoked = async () => {
    expect((await tabs.record())?.reason).toBe('signed-out')
    expect(tabs.server.sessions.get('s0')!.ended).toBe(true)
  }

  it('before the storage has the sign-in: no tab ever shows the session', async () => {
    const { auth, statuses, done, storage, next } = await signingIn()
    const other = await tabs.open()
    other.subscribe(({ status }) => statuses.push(status))
    const signingOut = auth.signOut()
    while (storage.waiting) {
      await next()
      other.wake()
      await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    }
    await Promise.all([done, signingOut])
    expect(statuses).toEqual([])
    await expectSignedOutAndRevoked()
  })

  it('after the storage has the sign-in: no tab ever shows the session, even if the sign-out cannot be written', async () => {
    const { auth, statuses, done, storage, next } = await signingIn()
    await next()
    const failed = expect(auth.signOut()).rejects.toMatchObject({ code: 'storage' })
    await next()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required' })
    await next(new DOMException('', 'QuotaExceededError'))
    await done
    await failed
    // The next transaction of this tab writes the sign-out as well.
    auth.wake()
    while (storage.waiting) await next()
    expect(statuses).toEqual([])
    await expectSignedOutAndRevoked()
  })

  it('a sign-in that has been reported as failed is not written after a sign-out in another tab', async () => {
    const { done, next } = await signingIn()
    const failed = expect(done).rejects.toMatchObject({ code: 'storage' })
    await pass(5000)
    await failed
    const other = await tabs.open()
    await other.signIn(tabs.server.signIn())
    await other.signOut()
    await next()
    expect((await tabs.record())?.reason).toBe('signed-out')
    expect(other.get().status).toBe('signed-out')
  })
})
