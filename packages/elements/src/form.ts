import type { Texts } from './texts.ts'

export type Mode = 'sign-in' | 'sign-up'

/** Everything there is to see. */
export interface FormState {
  readonly mode: Mode
  readonly phase: 'idle' | 'busy' | 'done'
  readonly error?: string | undefined
  /** The error is about what was typed. */
  readonly invalid?: boolean
}

export interface Form {
  readonly root: HTMLFormElement
  readonly input: HTMLInputElement
  show(state: FormState, texts: Texts): void
}

const make = <Tag extends keyof HTMLElementTagNameMap>(
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

/** The form's nodes, made once, without markup in strings: Trusted Types find nothing to object to. */
export function createForm(switchable: boolean, onSwitch: () => void): Form {
  const root = make('form', 'form', { novalidate: '' })
  const field = make('div', 'field')
  const label = make('label', 'label', { for: 'identifier' })
  const input = make('input', 'input', {
    id: 'identifier',
    name: 'identifier',
    autocapitalize: 'none',
    spellcheck: 'false',
    maxlength: '254',
  })
  const hint = make('p', 'hint', { id: 'hint' })
  const error = make('p', 'error', { id: 'error', role: 'alert' })
  const submit = make('button', 'primary', { type: 'submit' })
  const other = make('button', 'switch', { type: 'button' })
  const status = make('p', 'status', { role: 'status' })
  submit.part.add('button')
  other.addEventListener('click', onSwitch)
  field.append(label, input, hint)
  root.append(field, error, submit, ...(switchable ? [other] : []), status)

  return {
    root,
    input,
    show({ mode, phase, error: problem, invalid = false }, texts) {
      const signIn = mode === 'sign-in'
      label.textContent = texts.identifier
      hint.textContent = signIn ? texts.signInHint : ''
      submit.textContent = signIn ? texts.signIn : texts.signUp
      other.textContent = signIn ? texts.toSignUp : texts.toSignIn
      error.textContent = problem ?? ''
      status.textContent = phase === 'busy' ? texts.waiting : phase === 'done' ? texts.done : ''
      hint.hidden = !signIn
      error.hidden = !problem
      input.autocomplete = signIn ? 'username webauthn' : 'username'
      input.required = !signIn
      input.setAttribute('aria-invalid', `${invalid}`)
      input.setAttribute('aria-describedby', [problem && 'error', signIn && 'hint'].filter(Boolean).join(' '))
      root.setAttribute('aria-busy', `${phase === 'busy'}`)
      // Not `disabled`: the focus stays where the person left it.
      submit.setAttribute('aria-disabled', `${phase === 'busy'}`)
      for (const part of [field, submit, other]) part.hidden = phase === 'done'
    },
  }
}
