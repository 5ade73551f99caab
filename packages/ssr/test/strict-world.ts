import { createServerSessions, oauth, type ServerSession, type ServerSessionsOptions } from '../src/index.ts'
import type { SessionStore } from '../src/stores/session-store.ts'
import { createBrowser, type Browser } from './browser.ts'

const origin = 'https://shop.example'
/** How long an auth token lives. Seconds. */
export const LIFETIME = 60

/** A session at the authorization server. */
export interface Family {
  readonly name: string
  /** How many refreshes the server has answered. */
  generation: number
  /** How many refreshes have arrived. */
  requests: number
  isAlive: boolean
}

/**
 * An OAuth server that accepts each refresh token once, and ends the session if one comes again (RFC 9700 section 4.14.2).
 * To revoke a token that has been used does nothing, as RFC 7009 allows.
 */
function strictServer() {
  const families: Family[] = []
  const tokens = ({ name, generation }: Family) => ({
    access_token: `access ${name} ${generation}`,
    refresh_token: `refresh ${name} ${generation}`,
    expires_in: LIFETIME,
  })
  const server = {
    families,
    /** `lost`: the server acts on the next request, and its answer is lost. */
    network: 'up' as 'up' | 'down' | 'lost',
    /** Starts a session. */
    signIn() {
      const family: Family = { name: `${families.length}`, generation: 0, requests: 0, isAlive: true }
      families.push(family)
      return { family, tokens: tokens(family) }
    },
    async fetch(url: string, { body }: RequestInit): Promise<Response> {
      if (server.network === 'down') throw new TypeError('fetch failed')
      const form = new URLSearchParams(String(body))
      const sent = form.get(url.endsWith('/revoke') ? 'token' : 'refresh_token')!
      const family = families[Number(sent.split(' ')[1])]!
      const isCurrent = sent === tokens(family).refresh_token
      if (url.endsWith('/revoke')) {
        family.isAlive &&= !isCurrent
        return new Response(null)
      }
      family.requests++
      family.isAlive &&= isCurrent
      if (!family.isAlive) return Response.json({ error: 'invalid_grant' }, { status: 400 })
      family.generation++
      if (server.network === 'lost') {
        server.network = 'up'
        throw new TypeError('fetch failed')
      }
      return Response.json(tokens(family))
    },
  }
  return server
}

export type Options = Partial<ServerSessionsOptions<never>> & {
  readonly store?: SessionStore
  /** Stands between the instance and the server. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/** A strict server, any number of instances of one app, and their clock. */
export function createStrictWorld() {
  const server = strictServer()
  let time = 1_700_000_000_000
  const instance = ({ fetch = server.fetch, ...options }: Options = {}) => {
    const sessions = createServerSessions({
      transport: oauth({
        tokenEndpoint: 'https://auth.example/token',
        revocationEndpoint: 'https://auth.example/revoke',
        clientId: 'shop',
      }),
      appId: 'shop',
      origin,
      keys: ['a secret of the app, 32 characters or more'],
      environment: { now: () => time, fetch },
      ...options,
    })
    const app = {
      /** Serves one request. Resolves to what the work has returned, and to the response's headers. */
      async serve<T>(browser: Browser, work: (session: ServerSession) => Promise<T>) {
        const session = await sessions.open({ headers: new Headers({ cookie: browser.header() }) })
        const result = await work(session)
        return { result, headers: await session.headers() }
      },
      /** Serves one request, and the browser gets its cookies. */
      async visit<T>(browser: Browser, work: (session: ServerSession) => Promise<T>): Promise<T> {
        const { result, headers } = await app.serve(browser, work)
        browser.receive({ headers })
        return result
      },
      async signIn(browser = createBrowser()) {
        const { family, tokens } = server.signIn()
        await app.visit(browser, async (session) => session.signIn(tokens as never))
        return { browser, family }
      },
      token: (browser: Browser) => app.visit(browser, tokenOf),
      signOut: (browser: Browser) => app.visit(browser, async (session) => session.signOut()),
    }
    return app
  }
  return { server, instance, now: () => time, pass: (seconds: number) => void (time += seconds * 1000) }
}

/** Resolves to the token, or to the code of the error. */
export const tokenOf = (session: ServerSession): Promise<string> =>
  session.getAuthToken().catch(({ code }: { code: string }) => code)

/** A copy of a browser's cookies, as they are now. */
export const copyOf = ({ cookies }: Browser): Browser => createBrowser(new Map(cookies))
