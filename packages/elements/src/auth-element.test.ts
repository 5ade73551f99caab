// @vitest-environment jsdom
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { AuthElement } from './auth-element.ts'
import { german } from './german.ts'

// jsdom has no passkeys. The end-to-end tests use a real browser.
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

test('shows an error if the browser does not support passkeys', () => {
  const element = open()
  expect(shown(element, 'error')).toBe(
    'This browser does not support passkeys. Update it, or use another browser.',
  )
  expect(part(element, 'error').getAttribute('role')).toBe('alert')
})

test('changes between the sign-in form and the sign-up form', () => {
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
])('<%s> has one form, and no button that changes to another form', (name, button) => {
  const element = open(name)
  expect(shown(element, 'primary')).toBe(button)
  expect(shown(element, 'switch')).toBeUndefined()
})

test('shows an error beside the input if a user signs up without an identifier', () => {
  const element = open('tokenkeep-register')
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  expect(shown(element, 'error')).toBe('Enter your email or name.')
  const input = part(element, 'input')
  expect(input.getAttribute('aria-invalid')).toBe('true')
  expect(element.shadowRoot!.getElementById(input.getAttribute('aria-describedby')!)).toBe(
    part(element, 'error'),
  )
  expect(element.shadowRoot!.activeElement).toBe(input)
})

test('dispatches a failure event', async () => {
  const element = open('tokenkeep-login')
  const failure = new Promise<CustomEvent>((resolve) =>
    element.addEventListener('failure', (event) => resolve(event as CustomEvent)),
  )
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  expect((await failure).detail).toMatchObject({ name: 'PasskeyError', code: 'unsupported' })
})

test('ends an attempt if beforeAuth returns false', async () => {
  const element = open('tokenkeep-login')
  const beforeAuth = vi.fn<(identifier?: string) => boolean>(() => false)
  element.beforeAuth = beforeAuth
  ;(part(element, 'input') as HTMLInputElement).value = ' ada '
  element.shadowRoot!.querySelector('form')!.requestSubmit()
  await vi.waitFor(() => expect(beforeAuth).toHaveBeenCalledWith('ada'))
  await vi.waitFor(() => expect(part(element, 'form').getAttribute('aria-busy')).toBe('false'))
  expect(shown(element, 'error')).toBeUndefined()
})

test('shows the texts that a page sets, even if it sets them before the element is upgraded', () => {
  const early = Object.assign(document.createElement('tokenkeep-upgraded'), { texts: german })
  class Upgraded extends AuthElement {}
  customElements.define('tokenkeep-upgraded', Upgraded)
  document.body.append(early)
  expect(shown(early as Element as AuthElement, 'primary')).toBe('Mit Passkey anmelden')

  const element = open()
  element.texts = german
  expect(shown(element, 'label')).toBe('E-Mail oder Name')
})
