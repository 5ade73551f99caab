import { describe, expect, it, vi } from 'vitest'
import { expireToken, pass, signedIn, tabs, until, untilRefreshes } from '../../test/each-test.ts'

const hour = 3_600_000

describe('the same token for many callers', () => {
  it('returns the same promise while the token is valid, without a request', async () => {
    const auth = await signedIn()
    expect(auth.getAuthToken()).toBe(auth.getAuthToken())
    expect(tabs.server.requests).toEqual([])
  })

  it('F02: sends one request for 100 parallel calls on an expired token, and gives all of them the same token', async () => {
    const auth = await signedIn()
    await expireToken()
    expect(auth.get().status).toBe('expired')
    const tokens = await Promise.all(Array.from({ length: 100 }, () => auth.getAuthToken()))
    expect(tabs.refreshes).toHaveLength(1)
    expect(new Set(tokens).size).toBe(1)
  })

  it('F01: sends one request for eight tabs with ten callers each', async () => {
    const all = Array.from({ length: 8 }, () => tabs.create())
    await all[0]!.signIn(tabs.server.signIn())
    await Promise.all(all.map((tab) => until(tab, 'valid')))
    await expireToken()
    const tokens = await Promise.all(
      all.flatMap((tab) => Array.from({ length: 10 }, () => tab.getAuthToken())),
    )
    expect(tabs.refreshes).toHaveLength(1)
    expect(new Set(tokens).size).toBe(1)
  })
})

describe('one caller', () => {
  it('rejects with `aborted` if its signal is aborted, and the other callers go on waiting', async () => {
    const auth = await signedIn()
    await expireToken()
    const caller = new AbortController()
    const aborted = auth.getAuthToken({ signal: caller.signal })
    const other = auth.getAuthToken()
    caller.abort()
    await expect(aborted).rejects.toMatchObject({ code: 'aborted' })
    await expect(other).resolves.toMatch(/^h\./)
  })

  it('may give up between two tries, and the other callers get the token of the next one', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.deliveries = ['lost']
    const caller = new AbortController()
    const aborted = expect(auth.getAuthToken({ signal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    })
    const other = auth.getAuthToken()
    await untilRefreshes(1)
    await pass(100)
    caller.abort()
    await aborted
    await pass()
    expect(tabs.refreshes).toHaveLength(2)
    await expect(other).resolves.toMatch(/^h\./)
  })

  it('may be a subscriber, and another subscriber that throws does not affect it', async () => {
    const auth = await signedIn()
    await expireToken()
    const errors: unknown[] = []
    const uncaught = (error: unknown): void => void errors.push(error)
    process.on('uncaughtException', uncaught)
    const tokens: Promise<string>[] = []
    auth.subscribe(() => void tokens.push(auth.getAuthToken()))
    auth.subscribe(() => {
      throw new Error('a fault of the subscriber')
    })
    await auth.getAuthToken()
    await expect(Promise.all(tokens)).resolves.toHaveLength(tokens.length)
    expect(tokens.length).toBeGreaterThan(1)
    await pass(1)
    process.off('uncaughtException', uncaught)
    expect(errors).toHaveLength(tokens.length)
  })

  it('never gets the token of another user who signs in during the call', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.deliveries = ['answer-held']
    const waiting = auth.getAuthToken()
    await untilRefreshes(1)
    await auth.signIn(tabs.server.signIn('u2'))
    await expect(waiting).rejects.toMatchObject({ code: 'session-changed' })
    tabs.release()
    await pass(10)
    expect(auth.session()?.userId).toBe('u2')
  })
})

describe('without a refresh', () => {
  it('rejects with `sign-in-required` if nobody is signed in, or if refresh tokens are off', async () => {
    const auth = tabs.create()
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'none' })
    const { refresh_token: _, ...unrenewable } = tabs.server.signIn()
    await auth.signIn(unrenewable)
    await expireToken()
    expect(auth.get()).toMatchObject({ status: 'expired', session: { renewable: false } })
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'expired' })
    expect(tabs.server.requests).toEqual([])
  })
})

describe('if the clock is set back', () => {
  it('refreshes once, and does not serve the old token for hours', async () => {
    const auth = await signedIn()
    vi.setSystemTime(Date.now() - hour)
    await auth.getAuthToken()
    await auth.getAuthToken()
    expect(tabs.refreshes).toHaveLength(1)
  })

  it('between two tries of a refresh, it does not delay the next try', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.deliveries = ['lost']
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const token = auth.getAuthToken()
    await pass(100)
    vi.setSystemTime(Date.now() - 5 * hour)
    await pass()
    expect(tabs.refreshes).toHaveLength(2)
    await token
  })

  it('after a refresh that failed, it does not delay the next call', async () => {
    const auth = await signedIn()
    await expireToken()
    tabs.deliveries = ['lost', 'lost', 'lost']
    const failed = expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' })
    await pass()
    await failed
    await expireToken()
    tabs.deliveries = [() => new Response('', { status: 404 })]
    await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'misconfigured' })
    vi.setSystemTime(Date.now() - 5 * hour)
    await expect(auth.getAuthToken()).resolves.toMatch(/^h\./)
  })
})
