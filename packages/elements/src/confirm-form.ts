import { createElement } from './form.ts'
import type { Texts } from './texts.ts'

/** Everything that the form shows. */
export interface ConfirmState {
  readonly phase: 'idle' | 'busy' | 'done'
  readonly error?: string | undefined
}

export interface ConfirmForm {
  readonly root: HTMLFormElement
  show(state: ConfirmState, texts: Texts): void
}

/** Creates the form with one button, which confirms who the user is. */
export function createConfirmForm(): ConfirmForm {
  const root = createElement('form', 'form')
  const hint = createElement('p', 'hint', { id: 'hint' })
  const error = createElement('p', 'error', { id: 'error', role: 'alert' })
  const submit = createElement('button', 'primary', { type: 'submit' })
  const status = createElement('p', 'status', { role: 'status', tabindex: '-1' })
  submit.part.add('button')
  root.append(hint, error, submit, status)
  return {
    root,
    show({ phase, error: message }, texts) {
      const focused = (root.getRootNode() as Partial<ShadowRoot>).activeElement
      hint.textContent = texts.reauthenticateHint
      error.textContent = message ?? ''
      error.hidden = !message
      submit.textContent = texts.reauthenticate
      status.textContent = phase === 'busy' ? texts.waiting : phase === 'done' ? texts.reauthenticated : ''
      submit.setAttribute('aria-describedby', message ? 'error hint' : 'hint')
      root.setAttribute('aria-busy', `${phase === 'busy'}`)
      // `disabled` would take the focus from the button.
      submit.setAttribute('aria-disabled', `${phase === 'busy'}`)
      hint.hidden = submit.hidden = phase === 'done'
      // A part that is hidden loses the focus to the body.
      if (phase === 'done' && focused === submit) status.focus()
      if (phase !== 'done' && focused === status) submit.focus()
    },
  }
}
