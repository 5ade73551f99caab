import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { scope, type Scope } from '@tokenkeep/protocol'
import { createApiKey } from '../index.ts'
import { contentOf, makeCredentials, makeVictim, type Credentials } from '../../test/hostile.ts'
import { places } from '../../test/stores.ts'
import { createWorld, METRICS_TOKEN, type World } from '../../test/world.ts'

// Every route of the OpenAPI document with every kind of credential: those that the document does not name are refused, and
// nothing changes. A new route is walked without a new test.

interface Described {
  readonly operationId: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
}
interface Route extends Described {
  readonly method: string
  readonly path: string
}

/** A body with which each operation works. */
const BODIES: Readonly<Record<string, object | (() => object)>> = {
  postApps: { name: 'New', auth_origin: 'https://new.example', redirect_url: '/' },
  postAppUsers: () => ({ identifier: crypto.randomUUID() }),
  postAppUsersUserSessions: {},
  patchAppUsersUser: { user_metadata: { walked: true } },
  patchAppSettings: { name: 'Walked' },
  patchAppCurrentuserDevicesDevice: { friendly_name: 'Walked' },
  patchAppCurrentuserUserMetadata: { user_metadata: {} },
  postAppCurrentuserDevicesStart: {},
  postAppApiKeys: { name: 'walk' },
  postAppSigningKeys: {},
  postAppInvitations: {},
  postAppWebhooks: { url: 'https://hooks.example/' },
  postAppOauthIntrospect: { token: 'x' },
  // These are refused for what they say, and not for who says it.
  postAppTokens: { refresh_token: 'x' },
  deleteAppTokens: { refresh_token: 'x' },
  postAppCurrentuserDevicesFinish: { handshake_id: 'x', handshake_response: { id: 'x' } },
  postAppCurrentuserReauthenticationFinish: { handshake_id: 'x', handshake_response: { id: 'x' } },
  postAppRegisterWebauthnStart: { identifier: 'x', invitation: 'x' },
  postAppRegisterWebauthnFinish: { handshake_id: 'x', handshake_response: { id: 'x' } },
  postAppLoginWebauthnStart: { identifier: 'nobody' },
  postAppLoginWebauthnFinish: { handshake_id: 'x', handshake_response: { id: 'x' } },
  postAppOauthToken: { grant_type: 'refresh_token', refresh_token: 'x', client_id: 'demo' },
  postAppOauthRevoke: { token: 'x', client_id: 'demo' },
}
/** What the right credential gets if the content of the body or of the account is wrong. */
const REFUSED_FOR_CONTENT: Readonly<Record<string, string>> = {
  postAppCurrentuserDevicesFinish: 'webauthn_login_failed',
  postAppCurrentuserReauthenticationFinish: 'webauthn_login_failed',
}
const QUERIES: Readonly<Record<string, string>> = { deleteAppCurrentuserSessions: '?others=true' }

/** The credentials that each scheme of the document accepts, by their names in `makeCredentials`. */
const ACCEPTED: Readonly<Record<string, readonly string[]>> = {
  apiKey: ['a key of the app', 'a key of the Console'],
  adminToken: ['the auth token of an admin'],
  authToken: ['the auth token of a user'],
  client: [],
  metricsToken: ['the metrics token'],
}
/** The routes of the server as a whole. A key of one app is not enough. */
const OF_THE_INSTANCE = '/v1/apps'

const acceptedBy = ({ path, security = [] }: Route): string[] =>
  security
    .flatMap((scheme) => Object.keys(scheme))
    .flatMap((scheme) => ACCEPTED[scheme] ?? [])
    .filter((name) => !(path === OF_THE_INSTANCE && name === 'a key of the app'))

/** The scope that the document names for an API key. */
const scopeOf = ({ security = [] }: Route): Scope | undefined =>
  security.flatMap((scheme) => (scheme['apiKey'] as Scope[] | undefined) ?? [])[0]

const isPublic = ({ security = [] }: Route): boolean =>
  !security.length || security.some((scheme) => !Object.keys(scheme).length)

let world: World
let removePlace: () => void
let credentials: Credentials
beforeAll(async () => {
  const place = await places[0]!.make()
  removePlace = place.remove
  world = await createWorld(place.url)
  credentials = { ...(await makeCredentials(world)), 'the metrics token': METRICS_TOKEN }
})
afterAll(async () => {
  await world.close()
  removePlace()
})

const routes = async (): Promise<Route[]> => {
  const document = (await (await world.ask('GET', '//openapi.json')).json()) as {
    paths: Record<string, Record<string, Described>>
  }
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ ...described, method, path })),
  )
}

type Victim = Readonly<Record<string, string>>

/** `spell` writes the path in another way. */
async function send(
  { method, path, operationId, requestBody }: Route,
  victim: Victim,
  token: string | undefined,
  spell = (text: string): string => text,
) {
  const at = spell(path.replaceAll(/\{(\w+)\}/g, (_, name: string) => victim[name] ?? `no value for ${name}`))
  const given = BODIES[operationId]
  const body = typeof given === 'function' ? given() : given
  if (requestBody && !body) throw new Error(`BODIES needs a body for ${operationId}`)
  const isForm = requestBody && 'application/x-www-form-urlencoded' in requestBody.content
  const answer = await world.server.fetch(
    new Request(`https://auth.example${at}${QUERIES[operationId] ?? ''}`, {
      method: method.toUpperCase(),
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(isForm && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body && {
        body: isForm ? new URLSearchParams({ ...body }).toString() : JSON.stringify(body),
      }),
    }),
  )
  const text = answer.headers.get('content-type')?.includes('event-stream') ? '' : await answer.text()
  return { status: answer.status, text }
}

/** The code of a refusal, in either dialect of errors. */
const codeOf = (text: string): unknown => {
  const { code, error } = JSON.parse(text) as { code?: string; error?: string }
  return code ?? error
}
const NO_CREDENTIALS = ['invalid_access_token', 'invalid_client', 'operation_not_allowed', 'app_not_found']

describe('the hostile walk (T24)', () => {
  it('visits every kind of route', async () => {
    const all = await routes()
    const schemes = new Set(all.flatMap(({ security = [] }) => security.flatMap((each) => Object.keys(each))))
    expect(schemes).toEqual(new Set(Object.keys(ACCEPTED)))
    expect(all.filter((route) => !isPublic(route)).length).toBeGreaterThan(30)
  })

  it('is refused with a code at every route that needs a credential, and changes nothing', async () => {
    const victim = await makeVictim(world)
    const before = await contentOf(world)
    for (const route of await routes()) {
      if (isPublic(route)) continue
      const accepted = acceptedBy(route)
      for (const [name, token] of Object.entries(credentials)) {
        if (accepted.includes(name)) continue
        const { status, text } = await send(route, victim, token)
        const seen = `${route.operationId} with ${name}: ${status} ${text}`
        expect([401, 403, 404], seen).toContain(status)
        expect(NO_CREDENTIALS, seen).toContain(codeOf(text))
        if (status === 404) expect(name, seen).not.toBe('no key')
      }
      expect(await contentOf(world), `${route.operationId} changed something`).toBe(before)
    }
  })

  it('gets no more than a stranger at every public route, and changes nothing', async () => {
    const victim = await makeVictim(world)
    for (const route of await routes()) {
      if (!isPublic(route)) continue
      const before = await contentOf(world)
      const withoutRandom = (text: string): string =>
        text.replaceAll(/"(challenge|id)":"[^"]{20,}"/g, '').replaceAll(/\n.*/g, '')
      const stranger = await send(route, victim, undefined)
      expect(stranger.status, `${route.operationId}: ${stranger.text}`).toBeLessThan(500)
      for (const [name, token] of Object.entries(credentials)) {
        if (acceptedBy(route).includes(name)) continue
        const { status, text } = await send(route, victim, token)
        const seen = `${route.operationId} with ${name}: ${status} ${text}`
        // Whoever sends a key wants to manage, and is told that the key is wrong.
        if (route.security?.length && token?.startsWith('tk1.'))
          expect([status, codeOf(text)], seen).toEqual([401, 'invalid_access_token'])
        else
          expect([status, withoutRandom(text)], seen).toEqual([stranger.status, withoutRandom(stranger.text)])
      }
      expect(await contentOf(world), `${route.operationId} changed something`).toBe(before)
    }
  })

  it('is refused with a key of any other scope, and changes nothing', async () => {
    const victim = await makeVictim(world)
    const keys = await Promise.all(
      scope.options.map(async (only) => {
        const { store, now } = world
        const made = await createApiKey(store, 'console', only, 'system', now, { scopes: [only] })
        return { only, secret: made.secret }
      }),
    )
    const before = await contentOf(world)
    let walked = 0
    for (const route of await routes()) {
      const needed = scopeOf(route)
      for (const { only, secret } of needed === undefined ? [] : keys) {
        if (only === needed) continue
        const { status, text } = await send(route, victim, secret)
        const seen = `${route.operationId} with ${only}: ${status} ${text}`
        expect([status, codeOf(text)], seen).toEqual([403, 'operation_not_allowed'])
        walked += 1
      }
    }
    expect(walked).toBeGreaterThan(200)
    expect(await contentOf(world)).toBe(before)
  })

  it('is accepted with a key of just the scope that the document names', async () => {
    for (const route of await routes()) {
      const needed = scopeOf(route)
      if (needed === undefined) continue
      const { store, now } = world
      const { secret } = await createApiKey(store, 'console', 'one scope', 'system', now, {
        scopes: [needed],
      })
      const { status, text } = await send(route, await makeVictim(world), secret)
      expect(status, `${route.operationId}: ${status} ${text}`).toBeLessThan(300)
    }
  })

  // Without this, a walk whose requests are all malformed would pass.
  it('makes requests that are accepted with the right credential', async () => {
    for (const route of await routes()) {
      for (const name of acceptedBy(route)) {
        const victim = await makeVictim(world)
        // The routes of a signed-in user concern what is theirs.
        const token = name === 'the auth token of a user' ? await signedIn(victim) : credentials[name]
        const { status, text } = await send(route, victim, token)
        const seen = `${route.operationId} with ${name}: ${status} ${text}`
        if (REFUSED_FOR_CONTENT[route.operationId])
          expect(codeOf(text), seen).toBe(REFUSED_FOR_CONTENT[route.operationId])
        else expect(status, seen).toBeLessThan(300)
      }
    }
  })

  it.each<[string, (path: string) => string]>([
    ['a slash at the end', (path) => `${path}/`],
    ['two slashes', (path) => path.replace(/\/(?=[^/]+$)/, '//')],
    [
      'an escaped letter',
      (path) => path.replace(/[a-z]$/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    ],
    ['a dot segment', (path) => `${path.replace(/\/[^/]+$/, '')}/./x/..${/\/[^/]+$/.exec(path)![0]}`],
    ['capital letters', (path) => path.replace(/[^/]+$/, (last) => last.toUpperCase())],
    ['a semicolon', (path) => `${path};x=/currentuser`],
  ])('gets nothing by %s in the path', async (_, spell) => {
    const victim = await makeVictim(world)
    const before = await contentOf(world)
    for (const route of await routes())
      for (const name of isPublic(route) ? [] : (['no key', 'a revoked key', 'a forged token'] as const)) {
        const { status, text } = await send(route, victim, credentials[name], spell)
        expect([401, 403, 404], `${route.operationId} with ${name}: ${status} ${text}`).toContain(status)
      }
    expect(await contentOf(world)).toBe(before)
  })

  it('gets nothing by HEAD or by a header that names another method', async () => {
    const victim = await makeVictim(world)
    const before = await contentOf(world)
    for (const route of await routes()) {
      if (isPublic(route)) continue
      const at = route.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => victim[name]!)
      for (const method of ['HEAD', 'GET', 'POST', 'OPTIONS']) {
        const headers = { 'x-http-method-override': route.method.toUpperCase(), authorization: 'Bearer x' }
        const { status } = await world.server.fetch(
          new Request(`https://auth.example${at}`, { method, headers }),
        )
        // A preflight says nothing. The OAuth dialect reads the form first.
        expect([400, 401, 403, 404, ...(method === 'OPTIONS' ? [204] : [])], `${method} ${at}`).toContain(
          status,
        )
      }
    }
    expect(await contentOf(world)).toBe(before)
  })

  it('gets nothing from introspection as a client either', async () => {
    const ask = async (client_id: string, secret: string, basic: boolean) =>
      world.server.fetch(
        new Request('https://auth.example/v1/apps/demo/oauth/introspect', {
          method: 'POST',
          headers: {
            'content-type': 'application/x-www-form-urlencoded',
            ...(basic && { authorization: `Basic ${btoa(`${client_id}:${secret}`)}` }),
          },
          body: new URLSearchParams({ token: 'x', ...(!basic && { client_id, client_secret: secret }) }),
        }),
      )
    for (const [name, secret = ''] of Object.entries(credentials))
      for (const basic of [true, false]) {
        const accepted = ACCEPTED['apiKey']!.includes(name)
        const { status } = await ask('demo', secret, basic)
        expect(status, name).toBe(accepted ? 200 : 401)
        expect((await ask('other', secret, basic)).status, name).toBe(401)
      }
  })

  async function signedIn(victim: Victim): Promise<string> {
    const answer = await world.manage('POST', `/users/${victim['user']}/sessions`)
    const { auth_result } = (await answer.json()) as { auth_result: { auth_token: string } }
    return auth_result.auth_token
  }
})
