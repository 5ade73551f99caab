// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AuthElement } from './auth-element.ts'
import { german } from './german.ts'

// jsdom has no passkeys: what they do in a browser, the browser tests show.
beforeAll(() => import('./define.ts'))
beforeEach(() => document.body.replaceChildren())

const open = (name = 'tokenkeep-auth'): AuthElement => {
  const element = document.createElement(name) as AuthElement
  element.setAttribute('app-id', 'demo')
  document.body.append(element)
  return element
}
const part = (element: AuthElement, name: string): HTMLElement =>
  element.shadowRoot!.querySelector<HTMLElement>(`[part~='${name}']`)!
const shown = (element: AuthElement, name: string): string | undefined => {
  const found = element.shadowRoot!.querySelector<HTMLElement>(`[part~='${name}']`)
  return found && !found.hidden ? found.textContent : undefined
}

test('says so where the browser has no passkeys', () => {
  const element = open()
  expect(shown(element, 'error')).toBe('This browser has no passkeys. Update it, or use another one.')
  expect(part(element, 'error').getAttribute('role')).toBe('alert')
})

test('goes back and forth between signing in and signing up', () => {
  const element = open()
  expect(shown(element, 'primary')).toBe('Sign in with a passkey')
  expect(part(element, 'input')).toMatchObject({ autocomplete: 'username webauthn', required: false })
  part(element, 'switch').click()
  expect(shown(element, 'primary')).toBe('Create a passkey')
  expect(shown(element, 'hint')).toBeUndefined()
  expect(part(element, 'input')).toMatchObject({ autocomplete: 'username', required: true })
  part(element, 'switch').click()
  expect(shown(element, 'primary')).toBe('Sign in with a passkey')
})

test.each([
  ['tokenkeep-login', 'Sign in with a passkey'],
  ['tokenkeep-register', 'Create a passkey'],
])('<%s> does the one thing', (name, button) => {
  const element = open(name)
  expect(shown(element, 'primary')).toBe(button)
  expect(shown(element, 'switch')).toBeUndefined()
})

test('a sign-up needs a name, and says so beside the field', () => {
  const element = open('tokenkeep-register')
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  expect(shown(element, 'error')).toBe('Enter your email or a name.')
  const input = part(element, 'input')
  expect(input.getAttribute('aria-invalid')).toBe('true')
  expect(element.shadowRoot!.getElementById(input.getAttribute('aria-describedby')!)).toBe(
    part(element, 'error'),
  )
  expect(element.shadowRoot!.activeElement).toBe(input)
})

test('tells of a failure by an event', async () => {
  const element = open('tokenkeep-login')
  const failure = new Promise<CustomEvent>((resolve) =>
    element.addEventListener('failure', (event) => resolve(event as CustomEvent)),
  )
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  expect((await failure).detail).toMatchObject({ name: 'PasskeyError', code: 'unsupported' })
})

test('`beforeAuth` can end an attempt before it begins', async () => {
  const element = open('tokenkeep-login')
  const asked = vi.fn<(identifier?: string) => boolean>(() => false)
  element.beforeAuth = asked
  ;(part(element, 'input') as HTMLInputElement).value = ' ada '
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  await vi.waitFor(() => expect(asked).toHaveBeenCalledWith('ada'))
  await vi.waitFor(() => expect(part(element, 'form').getAttribute('aria-busy')).toBe('false'))
  expect(shown(element, 'error')).toBeUndefined()
})

test('speaks another language, also where the words were set before the element was known', () => {
  const early = Object.assign(document.createElement('tokenkeep-later'), { texts: german })
  class Later extends AuthElement {}
  customElements.define('tokenkeep-later', Later)
  document.body.append(early)
  expect(shown(early as Element as AuthElement, 'primary')).toBe('Mit Passkey anmelden')

  const element = open()
  element.texts = german
  expect(shown(element, 'label')).toBe('E-Mail oder Name')
})
