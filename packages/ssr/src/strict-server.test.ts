import { expect, it } from 'vitest'
import { createBrowser, type Browser } from '../test/browser.ts'
import { createServerSessions, oauth, type ServerSession } from './index.ts'

const origin = 'https://shop.example'
const LIFETIME = 60

/** An OAuth server that accepts each refresh token once, and ends the session if one comes again (RFC 9700 section 4.14.2). */
function strictServer() {
  let generation = 0
  let requests = 0
  let isAlive = true
  let isLost = false
  const tokens = () => ({
    access_token: `access ${generation}`,
    refresh_token: `refresh ${generation}`,
    expires_in: LIFETIME,
  })
  return {
    tokens,
    requests: () => requests,
    loseNextAnswer: () => void (isLost = true),
    async fetch(_: string, { body }: RequestInit) {
      requests++
      const sent = new URLSearchParams(String(body)).get('refresh_token')
      isAlive &&= sent === `refresh ${generation}`
      if (!isAlive) return Response.json({ error: 'invalid_grant' }, { status: 400 })
      generation++
      if (isLost) {
        isLost = false
        throw new TypeError('fetch failed')
      }
      return Response.json(tokens())
    },
  }
}

function createWorld() {
  const server = strictServer()
  let time = 1_700_000_000_000
  const instance = () => {
    const sessions = createServerSessions({
      transport: oauth({ tokenEndpoint: 'https://auth.example/token', clientId: 'shop' }),
      appId: 'shop',
      origin,
      keys: ['a secret of the app, 32 characters or more'],
      environment: { now: () => time, fetch: server.fetch },
    })
    /** Serves one request. */
    const visit = async (browser: Browser, work: (session: ServerSession) => Promise<unknown>) => {
      const session = await sessions.open({ headers: new Headers({ cookie: browser.header() }) })
      const result = await work(session)
      browser.receive({ headers: await session.headers() })
      return result
    }
    const signIn = (browser: Browser) =>
      visit(browser, async (session) => session.signIn(server.tokens() as never))
    const token = (browser: Browser) =>
      visit(browser, (session) => session.getAuthToken().catch(({ code }: { code: string }) => code))
    return { signIn, token }
  }
  return { server, instance, pass: (seconds: number) => void (time += seconds * 1000) }
}

it('R37: one process asks a strict server once per generation, for any number of parallel requests', async () => {
  const { server, instance, pass } = createWorld()
  const { signIn, token } = instance()
  const browser = createBrowser()
  await signIn(browser)
  for (let round = 1; round <= 3; round++) {
    pass(LIFETIME)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token(browser)))
    expect(new Set(tokens)).toEqual(new Set([`access ${round}`]))
    expect(server.requests()).toBe(round)
  }
})

it('R37: a strict server ends the session after a lost answer, which no client can mend', async () => {
  const { server, instance, pass } = createWorld()
  const { signIn, token } = instance()
  const browser = createBrowser()
  await signIn(browser)
  pass(LIFETIME)
  server.loseNextAnswer()
  // The app cannot know yet whether the answer was lost, or the request.
  expect(await token(browser)).toBe('unreachable')
  pass(LIFETIME)
  expect(await token(browser)).toBe('sign-in-required')
})
