// @vitest-environment jsdom
import { TokenError, type AuthState } from '@tokenkeep/core'
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { AccountElement, AccountElementManager } from './account-element.ts'
import { german } from './german.ts'

// These tests replace the browser's passkeys and the server. The end-to-end tests use real ones.
beforeAll(() => import('./define.ts'))

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
const NOW = Date.UTC(2026, 10, 28, 12)
const HOUR = 3_600_000

interface Device {
  readonly id: string
  readonly friendly_name: string
  readonly created_at: string
  readonly last_login_at: string
}
const device = (id: string, name: string, used = NOW - 3 * HOUR): Device => ({
  id,
  friendly_name: name,
  created_at: new Date(Date.UTC(2026, 4, 3, 12)).toISOString(),
  last_login_at: new Date(used).toISOString(),
})
const session = (id: string, more: object = {}) => ({
  id,
  created_at: 0,
  last_active_at: (NOW - 2 * HOUR) / 1000,
  ip: '203.0.113.7',
  user_agent: CHROME,
  ...more,
})

/** The data of the server, for each user. */
let accounts: Record<string, { devices: Device[]; sessions: ReturnType<typeof session>[] }>
/** What is sent: the user, the method, and the path below `currentuser/`. */
let sent: string[]
/** Answers a request instead of the server. Undefined: the server answers. */
let intercept: (method: string, path: string) => Promise<Response> | Response | undefined
const refusal = (code: string, status: number): Response => Response.json({ code, error: 'no' }, { status })

/** The user whose session the manager has. */
let state: AuthState
const listeners = new Set<Parameters<AccountElementManager['subscribe']>[0]>()
const manager: AccountElementManager = {
  get: () => state,
  getAuthToken: async () => {
    if (!state.session) throw new TokenError('sign-in-required')
    return state.session.userId
  },
  subscribe(listener) {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}
const of = (userId: string, id = `session of ${userId}`): AuthState => ({
  status: 'valid',
  token: userId,
  expiresAt: NOW + HOUR,
  session: { id, userId, renewable: true },
})
function change(next: AuthState): void {
  state = next
  for (const listener of listeners) listener(state)
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
  Element.prototype.scrollIntoView = () => {}
  document.documentElement.lang = 'en'
  accounts = {
    ada: {
      devices: [device('1', 'Laptop'), device('2', 'Phone'), device('3', 'Key', Date.UTC(2026, 4, 3, 12))],
      sessions: [session('b'), session('a', { current: true }), session('c', { user_agent: undefined })],
    },
    grace: { devices: [device('9', 'Tablet')], sessions: [session('z', { current: true })] },
  }
  sent = []
  intercept = () => undefined
  change(of('ada'))
  vi.stubGlobal('PublicKeyCredential', () => {})
  vi.stubGlobal(
    'fetch',
    async (url: string, { method, headers, body }: RequestInit & { headers: Record<string, string> }) => {
      const user = headers['authorization']!.replace('Bearer ', '')
      const path = url.split('/currentuser/')[1]!
      sent.push(`${user} ${method} ${path}`)
      const other = await intercept(method!, path)
      if (other) return other
      const account = accounts[user]!
      const id = path.split('/')[1]
      if (method === 'PATCH') {
        const { friendly_name } = JSON.parse(String(body)) as Device
        account.devices = account.devices.map((each) => (each.id === id ? { ...each, friendly_name } : each))
        return Response.json({ device: account.devices.find((each) => each.id === id) })
      }
      if (method === 'DELETE') {
        account.devices = account.devices.filter((each) => path !== `devices/${each.id}`)
        account.sessions = account.sessions.filter((each) =>
          path === 'sessions?others=true' ? 'current' in each : path !== `sessions/${each.id}`,
        )
        return new Response(null)
      }
      return Response.json(account)
    },
  )
})
afterEach(async () => {
  document.body.replaceChildren()
  await new Promise<void>((resolve) => queueMicrotask(resolve))
  expect(listeners.size).toBe(0)
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const make = (): AccountElement => {
  const element = document.createElement('tokenkeep-account')
  element.setAttribute('app-id', 'demo')
  element.setAttribute('server', 'https://auth.example.com')
  element.manager = manager
  return element
}
const all = (element: HTMLElement, selector: string): HTMLElement[] => [
  ...element.shadowRoot!.querySelectorAll<HTMLElement>(selector),
]
const isShown = (part: HTMLElement): boolean => !part.closest('[hidden]')
const shownText = (element: HTMLElement): string =>
  all(element, 'h2, p, bdi, time, .badge, button, label')
    .filter((part) => isShown(part) && part.childElementCount === 0 && part.textContent)
    .map((part) => part.textContent)
    .join('\n')
const names = (element: HTMLElement): (string | null)[] =>
  all(element, '.name').map(({ textContent }) => textContent)
const isIdle = (element: HTMLElement): boolean =>
  all(element, '.account')[0]!.getAttribute('aria-busy') === 'false'
const settled = async (element: HTMLElement): Promise<void> => {
  await Promise.resolve()
  await vi.waitFor(() => expect(isIdle(element)).toBe(true))
}
const open = async (): Promise<AccountElement> => {
  const element = make()
  document.body.append(element)
  await vi.waitFor(() => expect(names(element).length).toBeGreaterThan(0))
  return element
}
const row = (element: HTMLElement, name: string): HTMLElement =>
  all(element, '.row').find((each) => each.querySelector('.name')!.textContent === name)!
/** Presses the button that is shown and has this text. */
const press = (within: HTMLElement | ShadowRoot, text: string): HTMLElement => {
  const button = [...within.querySelectorAll('button')].find(
    (each) => each.textContent === text && isShown(each),
  )!
  button.focus()
  button.click()
  return button
}
const focused = (element: HTMLElement) => element.shadowRoot!.activeElement as HTMLElement | null
const messages = (element: HTMLElement): string[] =>
  all(element, '[role=status], [role=alert]')
    .filter(isShown)
    .map(({ textContent }) => textContent!)
    .filter(Boolean)

test('shows the passkeys and the sessions, and marks the one of this browser, which has no button', async () => {
  const element = await open()
  expect(shownText(element).split('\n')).toEqual([
    'Passkeys',
    'You sign in with one of these.',
    'Add a passkey',
    'Laptop',
    'Created May 3, 2026',
    'Last used 3 hours ago',
    'Rename',
    'Remove',
    'Phone',
    'Created May 3, 2026',
    'Last used 3 hours ago',
    'Rename',
    'Remove',
    'Key',
    'Created May 3, 2026',
    'Rename',
    'Remove',
    'Where you are signed in',
    'End a session that you do not need any more, or that you do not recognize.',
    'End all other sessions',
    'Chrome on Windows',
    'This browser',
    '203.0.113.7',
    'Active now',
    'Chrome on Windows',
    '203.0.113.7',
    'Active 2 hours ago',
    'End',
    // https://github.com/mozilla/fxa-auth-server/pull/1982, https://github.com/mozilla/fxa-content-server/pull/5231
    'Unknown device',
    '203.0.113.7',
    'Active 2 hours ago',
    'End',
  ])
  expect(all(element, '.time')[0]!.title).toContain('May 3, 2026')
})

test('renames a passkey, and again (clerk/clerk-android#829), and sends no name that is not new (lobehub/lobehub#18094)', async () => {
  const element = await open()
  const changes: string[] = []
  element.addEventListener('changed', (event) => changes.push((event as CustomEvent<string>).detail))
  for (const name of ['Work laptop', 'Old laptop']) {
    const laptop = all(element, '.row')[0]!
    press(laptop, 'Rename')
    const input = laptop.querySelector('input')!
    expect(focused(element)).toBe(input)
    expect(input.value).toBe(laptop.querySelector('.name')!.textContent)
    input.value = `  ${name} `
    press(laptop, 'Save')
    await vi.waitFor(() => expect(names(element)[0]).toBe(name))
    await vi.waitFor(() => expect(focused(element)?.textContent).toBe('Rename'))
    expect(messages(element)).toEqual(['The passkey has been renamed.'])
  }
  expect(changes).toEqual(['passkey-renamed', 'passkey-renamed'])

  const before = sent.length
  const laptop = row(element, 'Old laptop')
  press(laptop, 'Rename')
  press(laptop, 'Save')
  expect(laptop.querySelector('form')!.hidden).toBe(true)
  press(laptop, 'Rename')
  laptop.querySelector('input')!.value = '  '
  press(laptop, 'Save')
  expect(messages(element)).toContain('Enter a name.')
  expect(focused(element)).toBe(laptop.querySelector('input'))
  expect(sent).toHaveLength(before)
})

test('Escape leaves the form and the question, but not while a character is composed', async () => {
  const element = await open()
  const phone = row(element, 'Phone')
  const escape = (isComposing = false): boolean =>
    focused(element)!.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', isComposing, bubbles: true, cancelable: true }),
    )
  for (const [button, part] of [
    ['Rename', 'form'],
    ['Remove', '.question'],
  ] as const) {
    const opener = press(phone, button)
    expect(escape(true)).toBe(true)
    expect(phone.querySelector<HTMLElement>(part)!.hidden).toBe(false)
    // A dialog around the element stays open.
    expect(escape()).toBe(false)
    expect(phone.querySelector<HTMLElement>(part)!.hidden).toBe(true)
    expect(focused(element)).toBe(opener)
    expect(escape()).toBe(true)
  }
})

test('removes a passkey after a question, with the focus on the harmless answer (colophon-group/jobseek#6001)', async () => {
  const element = await open()
  const opener = press(row(element, 'Phone'), 'Remove')
  expect(focused(element)?.textContent).toBe('Cancel')
  expect(shownText(element)).toContain('Remove “Phone”? You can no longer sign in with it.')
  press(row(element, 'Phone'), 'Cancel')
  expect(focused(element)).toBe(opener)
  expect(sent.filter((each) => each.includes('DELETE'))).toEqual([])

  press(row(element, 'Phone'), 'Remove')
  press(row(element, 'Phone'), 'Remove passkey')
  // A second press while the first one runs does nothing.
  press(row(element, 'Phone'), 'Remove passkey')
  await vi.waitFor(() => expect(names(element)).not.toContain('Phone'))
  expect(sent.filter((each) => each.includes('DELETE'))).toEqual(['ada DELETE devices/2'])
  // The removal is announced (microsoft/PowerToys#7026), and the focus is on the next row (NuGet/NuGetGallery#7877).
  expect(messages(element)).toEqual(['The passkey has been removed.'])
  expect(focused(element)).toBe(row(element, 'Key'))
})

test('ignores the second half of a double click, under which another button can have come', async () => {
  const element = await open()
  press(row(element, 'Phone'), 'Remove')
  const buttons = [
    row(element, 'Phone').querySelector('.danger')!,
    row(element, 'Unknown device').querySelector('button')!,
  ]
  for (const button of buttons) button.dispatchEvent(new MouseEvent('click', { detail: 2 }))
  expect(isIdle(element)).toBe(true)
  expect(sent.filter((each) => each.includes('DELETE'))).toEqual([])
})

test('does not offer to remove the only passkey, also if another tab has removed the others meanwhile', async () => {
  const element = await open()
  press(row(element, 'Laptop'), 'Remove')
  intercept = (method) => (method === 'DELETE' ? refusal('conflict', 409) : undefined)
  accounts['ada']!.devices = [device('1', 'Laptop')]
  press(row(element, 'Laptop'), 'Remove passkey')
  await vi.waitFor(() => expect(names(element)).not.toContain('Phone'))
  await settled(element)
  expect(messages(element)).toEqual(['This is your only passkey. Add another one first.'])
  expect(shownText(element)).toContain('Add a second passkey')
  const buttons = [...row(element, 'Laptop').querySelectorAll('button')].filter(isShown)
  expect(buttons.map(({ textContent }) => textContent)).toEqual(['Rename'])
  expect(focused(element)).toBe(buttons[0])
})

test('ends one session, also one that has ended meanwhile (NodeBB/NodeBB#4054), and all others', async () => {
  const element = await open()
  intercept = (method, path) => {
    if (method !== 'DELETE' || path !== 'sessions/b') return undefined
    accounts['ada']!.sessions = accounts['ada']!.sessions.filter(({ id }) => id !== 'b')
    return refusal('not_found', 404)
  }
  press(all(element, '.row')[4]!, 'End')
  await vi.waitFor(() => expect(names(element)).toHaveLength(5))
  await settled(element)
  expect(messages(element)).toEqual(['The session has ended.'])
  expect(focused(element)).toBe(row(element, 'Unknown device'))

  press(element.shadowRoot!, 'End all other sessions')
  await vi.waitFor(() => expect(names(element)).toHaveLength(4))
  await settled(element)
  expect(messages(element)).toEqual(['All other sessions have ended.'])
  expect(shownText(element)).not.toContain('End all other sessions')
  expect(focused(element)?.textContent).toBe('Where you are signed in')
})

test('says where an error is and what helps, and says without alarm that a prompt was closed (logto-io/logto#8633)', async () => {
  const element = await open()
  const failures: string[] = []
  element.addEventListener('failure', (event) =>
    failures.push((event as CustomEvent<{ code: string }>).detail.code),
  )
  const add = async (error: Error | Response): Promise<HTMLElement> => {
    intercept = (method) => {
      if (method !== 'POST') return undefined
      if (error instanceof Response) return error
      return Response.json({
        handshake: {
          id: '1',
          challenge: { publicKey: { challenge: 'AAAA', user: { id: 'AAAA' }, pubKeyCredParams: [] } },
        },
      })
    }
    Object.defineProperty(navigator, 'credentials', {
      configurable: true,
      value: { create: () => Promise.reject(error as Error) },
    })
    press(element.shadowRoot!, 'Add a passkey')
    await vi.waitFor(() => expect(failures).toHaveLength(1))
    await settled(element)
    return all(element, '.section [role=status], .section [role=alert]').find((each) => each.textContent)!
  }
  const closed = await add(new DOMException('', 'NotAllowedError'))
  expect([closed.role ?? closed.getAttribute('role'), closed.textContent]).toEqual([
    'status',
    'The prompt was closed or timed out. Nothing has changed.',
  ])
  expect(failures.splice(0)).toEqual(['cancelled'])
  // 2witstudios/PageSpace#1014: nobody who is signed in needs to hear that they can sign in.
  const known = await add(new DOMException('', 'InvalidStateError'))
  expect(known.textContent).toBe(
    'This device already has a passkey for your account. Use another device or a security key.',
  )
  expect(failures.splice(0)).toEqual(['has-passkey'])
  // better-auth-ui/better-auth-ui#86: a user without a passkey cannot confirm.
  const old = await add(refusal('user_has_no_passkeys', 409))
  expect(old.textContent).toBe(
    'You signed in too long ago for this. Sign out, sign in again, then try again.',
  )
})

test('shows one sentence to nobody, and never the data of the user before (KeepSoftwareSimple/compass-calendar#1940)', async () => {
  const element = await open()
  let answer: (response: Response) => void = () => {}
  intercept = (method, path) =>
    method === 'GET' && path === 'devices' ? new Promise((resolve) => (answer = resolve)) : undefined
  element.reload()
  await vi.waitFor(() => expect(sent.filter((each) => each === 'ada GET devices')).toHaveLength(2))
  row(element, 'Phone').focus()
  const failures = vi.fn<() => void>()
  element.addEventListener('failure', failures)
  change({ status: 'signed-out', reason: 'revoked' })
  expect(shownText(element)).toBe('Sign in to see your passkeys and sessions.')
  expect(names(element)).toEqual([])
  expect(focused(element)?.getAttribute('role')).toBe('status')
  answer(Response.json({ devices: [device('1', 'Laptop')] }))
  element.reload()
  await new Promise((resolve) => setTimeout(resolve))
  expect(shownText(element)).toBe('Sign in to see your passkeys and sessions.')
  expect(failures).not.toHaveBeenCalled()

  // Another user signs in while nothing else happens, and then another one at once.
  intercept = () => undefined
  change(of('grace'))
  await vi.waitFor(() => expect(names(element)).toEqual(['Tablet', 'Chrome on Windows']))
  change(of('ada', 'another session'))
  expect(names(element)).toEqual([])
  await vi.waitFor(() => expect(names(element)).toHaveLength(6))
  // The same session with a newer token loads nothing.
  const before = sent.length
  change(of('ada', 'another session'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(sent).toHaveLength(before)
})

test('shows the sentence, and no error, if the page signs the user out after a change', async () => {
  const element = await open()
  element.addEventListener('changed', () => change({ status: 'signed-out', reason: 'signed-out' }))
  press(element.shadowRoot!, 'End all other sessions')
  await vi.waitFor(() => expect(shownText(element)).toBe('Sign in to see your passkeys and sessions.'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(shownText(element)).toBe('Sign in to see your passkeys and sessions.')
})

test('a prompt for a user ends when another user signs in', async () => {
  const element = await open()
  intercept = (method) =>
    method === 'POST'
      ? Response.json({
          handshake: {
            id: '1',
            challenge: { publicKey: { challenge: 'AAAA', user: { id: 'AAAA' }, pubKeyCredParams: [] } },
          },
        })
      : undefined
  const prompt = vi.fn<(options: CredentialCreationOptions) => Promise<never>>(
    ({ signal }) =>
      new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
  )
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: { create: prompt } })
  press(element.shadowRoot!, 'Add a passkey')
  await vi.waitFor(() => expect(prompt).toHaveBeenCalled())
  expect(messages(element)).toEqual(['Follow your browser’s prompt…'])
  change(of('grace'))
  await vi.waitFor(() => expect(names(element)).toEqual(['Tablet', 'Chrome on Windows']))
  expect(prompt.mock.calls[0]![0].signal!.aborted).toBe(true)
  expect(messages(element)).toEqual([])
  expect(sent.filter((each) => each.includes('finish'))).toEqual([])
})

test('keeps what is typed while the lists are loaded once more', async () => {
  const element = await open()
  press(row(element, 'Phone'), 'Rename')
  const input = row(element, 'Phone').querySelector('input')!
  input.value = 'My pho'
  accounts['ada']!.devices.shift()
  element.reload()
  await vi.waitFor(() => expect(names(element)).not.toContain('Laptop'))
  expect(row(element, 'Phone').querySelector('input')).toBe(input)
  expect([input.value, focused(element)]).toEqual(['My pho', input])
})

test('sends nothing before it is on the page, while it is only moved, and after it has been removed', async () => {
  const element = make()
  await new Promise((resolve) => setTimeout(resolve))
  element.reload()
  await new Promise((resolve) => setTimeout(resolve))
  expect(sent).toEqual([])
  document.body.append(element)
  await vi.waitFor(() => expect(names(element)).toHaveLength(6))
  const before = sent.length
  const other = document.createElement('div')
  document.body.append(other)
  other.append(element)
  await new Promise((resolve) => setTimeout(resolve))
  expect(names(element)).toHaveLength(6)
  element.remove()
  await new Promise((resolve) => setTimeout(resolve))
  expect(names(element)).toEqual([])
  element.reload()
  change(of('grace'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(sent).toHaveLength(before)
})

test('offers to try again if the lists cannot be loaded', async () => {
  intercept = () => Promise.reject(new TypeError('fetch failed'))
  const element = make()
  document.body.append(element)
  await vi.waitFor(() => expect(messages(element)[0]).toContain('The server does not answer.'))
  expect(shownText(element)).not.toContain('Passkeys')
  intercept = () => undefined
  press(element.shadowRoot!, 'Try again')
  await vi.waitFor(() => expect(names(element)).toHaveLength(6))
  expect(messages(element)).toEqual([])
})

test.each<[string, typeof german | object, string]>([
  ['de-AT', german, 'Erstellt am 03.05.2026|Zuletzt verwendet: vor 3 Stunden|de-AT'],
  ['en-GB', {}, 'Created 3 May 2026|Last used 3 hours ago|en-GB'],
  // A sentence has one language, which can be another one than that of the page.
  ['fr', {}, 'Created May 3, 2026|Last used 3 hours ago|en'],
  ['en', german, 'Erstellt am 03.05.2026|Zuletzt verwendet: vor 3 Stunden|de'],
  // chatwoot/chatwoot#7127, kazupon/vue-i18n#312: browsers throw at what is no language tag.
  ['en_GB', {}, 'Created 3 May 2026|Last used 3 hours ago|en-GB'],
  ['en-', {}, 'Created May 3, 2026|Last used 3 hours ago|en'],
  ['', {}, 'Created May 3, 2026|Last used 3 hours ago|en'],
])('writes times in the language of the texts: page %j', async (lang, texts, expected) => {
  document.documentElement.lang = lang
  const element = make()
  element.texts = texts
  document.body.append(element)
  await vi.waitFor(() => expect(names(element)).toHaveLength(6))
  const [created, used] = all(element, '.time')
  expect([created!.textContent, used!.textContent, all(element, '.account')[0]!.lang].join('|')).toBe(
    expected,
  )
})

test('tells the page’s author what is missing, and goes on once it is there', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  const element = make()
  element.removeAttribute('app-id')
  document.body.append(element)
  await vi.waitFor(() => expect(logged).toHaveBeenCalled())
  expect(String(logged.mock.calls[0]![0].cause)).toContain('has no app-id')
  expect(sent).toEqual([])
  element.setAttribute('app-id', 'demo')
  await vi.waitFor(() => expect(names(element)).toHaveLength(6))
  expect(messages(element)).toEqual([])
})

test('has its properties on the prototype', async () => {
  const early = Object.assign(document.createElement('tokenkeep-early-account'), { manager, texts: german })
  customElements.define(
    'tokenkeep-early-account',
    class extends (customElements.get('tokenkeep-account') as typeof AccountElement) {},
  )
  early.setAttribute('app-id', 'demo')
  document.body.append(early)
  expect(Object.hasOwn(early, 'manager')).toBe(false)
  await vi.waitFor(() => expect(names(early)).toHaveLength(6))
  expect(shownText(early)).toContain('Passkey hinzufügen')
})
