// @vitest-environment jsdom
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AuthElement } from './auth-element.ts'

// These tests replace the browser's passkeys. The end-to-end tests use real ones.
beforeAll(() => import('./define.ts'))

/** What the browser answers to the next `navigator.credentials.get`. */
let answer: (options: CredentialRequestOptions) => Promise<unknown>
let starts: number
let finishes: number
beforeEach(() => {
  starts = 0
  finishes = 0
  const isConditionalMediationAvailable = async (): Promise<boolean> => true
  vi.stubGlobal(
    'PublicKeyCredential',
    Object.assign(() => {}, { isConditionalMediationAvailable }),
  )
  Object.defineProperty(navigator, 'credentials', {
    configurable: true,
    value: { get: (options: CredentialRequestOptions) => answer(options) },
  })
  vi.stubGlobal('fetch', async (url: string) => {
    if (url.endsWith('/finish')) {
      finishes += 1
      return Response.json({ code: 'webauthn_login_failed', error: 'no' }, { status: 401 })
    }
    starts += 1
    return Response.json({ handshake: { id: '1', challenge: { publicKey: { challenge: 'AAAA' } } } })
  })
})
afterEach(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

const open = (): AuthElement => {
  const element = document.createElement('tokenkeep-auth')
  element.setAttribute('app-id', 'demo')
  document.body.append(element)
  return element
}
const alert = (element: AuthElement): string | undefined => {
  const found = element.shadowRoot!.querySelector<HTMLElement>('[role=alert]')!
  return found.hidden ? undefined : found.textContent
}
const pending = () => new Promise<never>(() => {})
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

test('offers passkeys again after a chosen one was not accepted (case K4)', async () => {
  answer = chosen
  const element = open()
  await vi.waitFor(() => expect(finishes).toBe(1))
  await vi.waitFor(() =>
    expect(alert(element)).toBe('This passkey was not accepted. Try again, or use another passkey.'),
  )
  answer = pending
  const before = starts
  element.shadowRoot!.querySelector('input')!.dispatchEvent(new Event('focus'))
  await vi.waitFor(() => expect(starts).toBe(before + 1))
})

test('says that the prompt was closed if the browser gives no passkey (case K4)', async () => {
  answer = async ({ mediation }) => (mediation ? pending() : null)
  const element = open()
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  await vi.waitFor(() =>
    expect(alert(element)).toBe('The prompt was closed or timed out. Nothing has changed.'),
  )
})

test.each(['manager', 'beforeauth', 'before-auth', 'storesession', 'store-session'])(
  'signs nobody in if the property arrives as the attribute %s (case K2)',
  async (attribute) => {
    answer = chosen
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const element = document.createElement('tokenkeep-auth')
    element.setAttribute('app-id', 'demo')
    element.setAttribute(attribute, '[object Object]')
    document.body.append(element)
    element.shadowRoot!.querySelector('form')!.requestSubmit()
    await vi.waitFor(() => expect(alert(element)).toBe('Something went wrong. Try again.'))
    expect([starts, finishes]).toEqual([0, 0])
    expect(String((logged.mock.calls[0]![0] as Error).cause)).toContain(`has the attribute ${attribute}`)
    logged.mockRestore()
  },
)

test('has its properties on the prototype, and keeps those that were set early (case K2)', () => {
  const early = { manager: {}, storeSession: () => {}, beforeAuth: () => {}, invitation: 'code' }
  const element = Object.assign(document.createElement('tokenkeep-early'), early) as unknown as AuthElement
  customElements.define('tokenkeep-early', class extends AuthElement {})
  document.body.append(element)
  for (const [name, value] of Object.entries(early)) {
    expect(name in AuthElement.prototype).toBe(true)
    expect(Object.hasOwn(element, name)).toBe(false)
    expect(element[name as 'manager']).toBe(value)
  }
})
