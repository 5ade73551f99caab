import type { Texts } from './texts.ts'

export type Mode = 'sign-in' | 'sign-up'

/** Everything that the form shows. */
export interface FormState {
  readonly mode: Mode
  readonly phase: 'idle' | 'busy' | 'done'
  readonly error?: string | undefined
  /** Whether the error is about the input's value. */
  readonly invalid?: boolean
  /** Whether the page has an invitation, which can name its user. */
  readonly invited?: boolean
}

export interface Form {
  readonly root: HTMLFormElement
  readonly input: HTMLInputElement
  show(state: FormState, texts: Texts): void
}

/** Creates a part of an element, without HTML strings, so that it works under Trusted Types. */
export const createElement = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  part: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  element.className = part
  element.setAttribute('part', part)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  return element
}

/** Creates the form's nodes once, without HTML strings, so that it works under Trusted Types. */
export function createForm(switchable: boolean, onSwitch: () => void): Form {
  const root = createElement('form', 'form', { novalidate: '' })
  const field = createElement('div', 'field')
  const label = createElement('label', 'label', { for: 'identifier' })
  const input = createElement('input', 'input', {
    id: 'identifier',
    name: 'identifier',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '254',
  })
  const hint = createElement('p', 'hint', { id: 'hint' })
  const error = createElement('p', 'error', { id: 'error', role: 'alert' })
  const submit = createElement('button', 'primary', { type: 'submit' })
  const other = createElement('button', 'switch', { type: 'button' })
  const status = createElement('p', 'status', { role: 'status', tabindex: '-1' })
  submit.part.add('button')
  other.addEventListener('click', onSwitch)
  field.append(label, input, hint)
  root.append(field, error, submit, ...(switchable ? [other] : []), status)

  return {
    root,
    input,
    show({ mode, phase, error: message, invalid = false, invited = false }, texts) {
      const signIn = mode === 'sign-in'
      const focused = (root.getRootNode() as Partial<ShadowRoot>).activeElement
      label.textContent = texts.identifier
      hint.textContent = signIn ? texts.signInHint : texts.invitedHint
      const hinted = signIn || invited
      submit.textContent = signIn ? texts.signIn : texts.signUp
      other.textContent = signIn ? texts.toSignUp : texts.toSignIn
      error.textContent = message ?? ''
      status.textContent = phase === 'busy' ? texts.waiting : phase === 'done' ? texts.done : ''
      hint.hidden = !hinted
      error.hidden = !message
      input.autocomplete = signIn ? 'username webauthn' : 'username'
      input.required = !hinted
      input.setAttribute('aria-invalid', `${invalid}`)
      input.setAttribute('aria-describedby', [message && 'error', hinted && 'hint'].filter(Boolean).join(' '))
      root.setAttribute('aria-busy', `${phase === 'busy'}`)
      // `disabled` would take the focus from the button.
      submit.setAttribute('aria-disabled', `${phase === 'busy'}`)
      for (const part of [field, submit, other]) part.hidden = phase === 'done'
      // A part that is hidden loses the focus to the body.
      if (phase === 'done' && root.contains(focused ?? null)) status.focus()
      if (phase !== 'done' && focused === status) input.focus()
    },
  }
}
