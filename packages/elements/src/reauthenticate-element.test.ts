// @vitest-environment jsdom
import { TokenError } from '@tokenkeep/core'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { german } from './german.ts'
import { createPasskeys } from './passkeys.ts'
import type { ReauthenticateElement } from './reauthenticate-element.ts'
import type { ReauthenticatedManager } from './reauthenticate.ts'

// These tests replace the browser's passkeys and the server. The end-to-end tests use real ones.
beforeAll(() => import('./define.ts'))

const encode = (value: object): string => btoa(JSON.stringify(value))
const tokenOf = (auth_time: number, how: { amr?: string[]; acr?: string } = {}): string =>
  `${encode({})}.${encode({ auth_time, ...how })}.signature`

/** What the manager serves, one after the other; the last one stays. */
let tokens: string[]
const getAuthToken = vi.fn<ReauthenticatedManager['getAuthToken']>()
const manager: ReauthenticatedManager = {
  get: () => ({ status: 'valid', session: { id: 's1', userId: 'u1', renewable: true } }) as never,
  getAuthToken,
}
/** What the browser answers to `navigator.credentials.get`. */
let choose: () => Promise<unknown>
const chosen = async () => ({
  id: 'AAAA',
  rawId: new ArrayBuffer(3),
  getClientExtensionResults: () => ({}),
  response: {
    authenticatorData: new ArrayBuffer(3),
    clientDataJSON: new ArrayBuffer(3),
    signature: new ArrayBuffer(3),
  },
})
interface Sent {
  readonly path: string
  readonly headers: Record<string, string>
}
let sent: Sent[]
let finish: () => Response

beforeEach(() => {
  tokens = [tokenOf(100), tokenOf(200)]
  getAuthToken.mockReset().mockImplementation(async ({ minValidSeconds } = {}) => {
    if (minValidSeconds === Infinity && tokens.length > 1) tokens.shift()
    return tokens[0]!
  })
  choose = chosen
  sent = []
  finish = () => Response.json({ authentication: { auth_time: 200 } })
  vi.stubGlobal('PublicKeyCredential', () => {})
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { get: () => choose() } })
  vi.stubGlobal('fetch', async (url: string, { headers }: { headers: Record<string, string> }) => {
    sent.push({ path: new URL(url).pathname, headers })
    if (url.endsWith('/finish')) return finish()
    return Response.json({ handshake: { id: '1', challenge: { publicKey: { challenge: 'AAAA' } } } })
  })
})
afterEach(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const passkeys = createPasskeys({ server: 'https://auth.example.com', appId: 'demo' })
const open = (): ReauthenticateElement => {
  const element = document.createElement('tokenkeep-reauthenticate')
  element.setAttribute('app-id', 'demo')
  element.setAttribute('server', 'https://auth.example.com')
  element.manager = manager
  document.body.append(element)
  return element
}
const part = (element: HTMLElement, name: string): HTMLElement =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part~='${name}']`)!
const press = (element: HTMLElement): void => part(element, 'primary').click()

test('runs the ceremony in the name of the user, and ends once the manager has a token that says so', async () => {
  const element = open()
  expect(part(element, 'primary').textContent).toBe('Confirm with your passkey')
  expect(part(element, 'hint').textContent).toBe('Confirm that it is you. You stay signed in.')
  const done = new Promise<void>((resolve) => element.addEventListener('reauthenticated', () => resolve()))
  press(element)
  expect(part(element, 'form').getAttribute('aria-busy')).toBe('true')
  await done
  expect(part(element, 'status').textContent).toBe('Confirmed.')
  expect(part(element, 'primary').hidden).toBe(true)
  const path = '/v1/apps/demo/currentuser/reauthentication'
  expect(sent.map((each) => [each.path, each.headers['authorization']])).toEqual([
    [`${path}/start`, `Bearer ${tokenOf(100)}`],
    [`${path}/finish`, `Bearer ${tokenOf(100)}`],
  ])
  expect(await manager.getAuthToken()).toBe(tokenOf(200))
  element.reset()
  expect(part(element, 'primary').hidden).toBe(false)
})

test('asks the manager again if a refresh was under way, whose token is older', async () => {
  tokens = [tokenOf(100), tokenOf(100), tokenOf(200)]
  await passkeys.reauthenticate(manager)
  expect(await manager.getAuthToken()).toBe(tokenOf(200))
})

test.each<[string, string]>([
  ['nothing about how', tokenOf(200)],
  ['another class', tokenOf(200, { amr: ['pop', 'user'], acr: 'other' })],
  ['other methods', tokenOf(200, { amr: ['pop'], acr: 'phr' })],
])('waits for the token with the new claims if one of the same second says %s', async (_, before) => {
  const how = { amr: ['pop', 'user'], acr: 'phr' }
  finish = () => Response.json({ authentication: { auth_time: 200, ...how } })
  tokens = [before, tokenOf(200, how)]
  await passkeys.reauthenticate(manager)
  expect(await manager.getAuthToken()).toBe(tokenOf(200, how))
})

test('needs no refresh if another tab has brought the new token already', async () => {
  choose = async () => {
    tokens = [tokenOf(200)]
    return chosen()
  }
  await passkeys.reauthenticate(manager)
  expect(getAuthToken.mock.calls.filter(([options]) => options?.minValidSeconds)).toEqual([])
})

test('fails, and asks without end never, if no token says so', async () => {
  tokens = [tokenOf(100)]
  await expect(passkeys.reauthenticate(manager)).rejects.toMatchObject({ code: 'failed' })
  expect(getAuthToken.mock.calls.length).toBeLessThan(10)
})

test('shows that the passkey of another user was not accepted, and does not send it again (T23, witoldsz/angular-http-auth#8)', async () => {
  finish = () => Response.json({ code: 'webauthn_login_failed', error: 'no' }, { status: 401 })
  const element = open()
  const failure = new Promise<CustomEvent>((resolve) =>
    element.addEventListener('failure', (event) => resolve(event as CustomEvent)),
  )
  press(element)
  expect((await failure).detail).toMatchObject({ code: 'rejected' })
  const alert = element.shadowRoot!.querySelector<HTMLElement>('[role=alert]')!
  expect(alert.textContent).toBe('This passkey was not accepted. Try again, or use another passkey.')
  const described = part(element, 'primary').getAttribute('aria-describedby')!.split(' ')
  expect(described.map((id) => element.shadowRoot!.getElementById(id)!.hidden)).toEqual([false, false])
  expect(getAuthToken.mock.calls.every(([options]) => !options?.rejected)).toBe(true)
  finish = () => Response.json({ authentication: { auth_time: 200 } })
  const done = new Promise<void>((resolve) => element.addEventListener('reauthenticated', () => resolve()))
  press(element)
  await done
  expect(alert.hidden).toBe(true)
})

test('sends a rejected token no second time, but a newer one', async () => {
  let answers = 0
  vi.stubGlobal('fetch', async (url: string, { headers }: { headers: Record<string, string> }) => {
    sent.push({ path: url, headers })
    if (answers++ === 0)
      return Response.json({ code: 'invalid_access_token', error: 'refresh it' }, { status: 401 })
    if (url.endsWith('/finish')) return finish()
    return Response.json({ handshake: { id: '1', challenge: { publicKey: { challenge: 'AAAA' } } } })
  })
  getAuthToken.mockImplementation(async ({ rejected, minValidSeconds } = {}) => {
    if (rejected) tokens = ['newer', tokenOf(200)]
    if (minValidSeconds && tokens.length > 1) tokens.shift()
    return tokens[0]!
  })
  await passkeys.reauthenticate(manager)
  expect(sent.map(({ headers }) => headers['authorization'])).toEqual([
    `Bearer ${tokenOf(100)}`,
    'Bearer newer',
    'Bearer newer',
  ])
})

test.each([
  [new TokenError('sign-in-required'), 'signed-out'],
  [new TokenError('session-changed'), 'signed-out'],
  [new TokenError('unreachable'), 'unreachable'],
  [new TokenError('storage'), 'failed'],
])('maps %s of the manager to %s', async (error, code) => {
  getAuthToken.mockRejectedValue(error)
  await expect(passkeys.reauthenticate(manager)).rejects.toMatchObject({ name: 'PasskeyError', code })
})

test('does not speak of invitations if the app has no refresh tokens', async () => {
  vi.stubGlobal('fetch', async () =>
    Response.json(
      { code: 'operation_not_allowed', error: 'this app has no refresh tokens' },
      { status: 403 },
    ),
  )
  const error = await passkeys.reauthenticate(manager).catch((each: unknown) => each)
  expect(error).toMatchObject({
    code: 'failed',
    cause: { message: expect.stringContaining('no refresh tokens') },
  })
})

test('ends with `cancelled` if its signal is aborted, and with the element', async () => {
  choose = () => new Promise(() => {})
  vi.stubGlobal('navigator', navigator)
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: {
      get: ({ signal }: { signal: AbortSignal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    },
  })
  const caller = new AbortController()
  const ended = passkeys.reauthenticate(manager, { signal: caller.signal })
  await vi.waitFor(() => expect(sent).toHaveLength(1))
  caller.abort()
  await expect(ended).rejects.toMatchObject({ code: 'cancelled' })

  const element = open()
  const events = vi.fn<() => void>()
  for (const name of ['failure', 'reauthenticated']) element.addEventListener(name, events)
  press(element)
  await vi.waitFor(() => expect(sent).toHaveLength(2))
  element.remove()
  await vi.waitFor(() => expect(part(element, 'form').getAttribute('aria-busy')).toBe('false'))
  expect(events).not.toHaveBeenCalled()
})

test('has its properties on the prototype, and its texts in German', () => {
  const early = Object.assign(document.createElement('tokenkeep-early-reauthenticate'), {
    manager,
    texts: german,
  })
  customElements.define(
    'tokenkeep-early-reauthenticate',
    class extends (customElements.get('tokenkeep-reauthenticate') as typeof ReauthenticateElement) {},
  )
  document.body.append(early)
  expect(Object.hasOwn(early, 'manager')).toBe(false)
  expect((early as unknown as ReauthenticateElement).manager).toBe(manager)
  expect(part(early, 'primary').textContent).toBe('Mit Passkey bestätigen')
})

test('asks nobody if a property arrives as an attribute', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const element = open()
  element.setAttribute('manager', '[object Object]')
  press(element)
  await vi.waitFor(() => expect(logged).toHaveBeenCalled())
  expect(sent).toEqual([])
})
