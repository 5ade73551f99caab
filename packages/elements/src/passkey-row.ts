import type { AccountPasskey } from './account.ts'
import { createRow, createRowButton, nextId, onPress, showTime, type Row } from './account-row.ts'
import { focusedIn, mayMoveFocus } from './focus.ts'
import { createElement } from './form.ts'

/** A passkey, and whether it is the user's only one. */
export interface ShownPasskey extends AccountPasskey {
  readonly isOnly: boolean
}

export interface PasskeyActions {
  /** Resolves to whether the passkey has the new name. */
  rename(id: string, name: string): Promise<boolean>
  remove(id: string): void
}

/** Creates the form in which the user types a new name. */
function createRenameForm(onCancel: () => void) {
  const root = createElement('form', 'rename', { novalidate: '' })
  const [inputId, errorId] = [nextId('input'), nextId('error')]
  const label = createElement('label', 'label', { for: inputId })
  const input = createElement('input', 'input', {
    id: inputId,
    maxlength: '100',
    autocomplete: 'off',
    'aria-describedby': errorId,
  })
  const error = createElement('p', 'error', { id: errorId, role: 'alert' })
  const save = createElement('button', 'button small primary', { type: 'submit' })
  const cancel = createElement('button', 'button small', { type: 'button' })
  const actions = createElement('div', 'actions')
  cancel.addEventListener('click', onCancel)
  actions.append(save, cancel)
  root.append(label, input, error, actions)
  const complain = (isMissing: boolean): void => {
    error.hidden = !isMissing
    input.setAttribute('aria-invalid', `${isMissing}`)
  }
  return { root, label, input, error, save, cancel, complain }
}

/** Creates the question before a passkey is removed. */
function createQuestion(onConfirm: () => void, onCancel: () => void) {
  const id = nextId('question')
  const root = createElement('div', 'question', { role: 'group', 'aria-labelledby': id })
  const words = createElement('p', 'words', { id })
  const confirm = createElement('button', 'button small danger', { type: 'button' })
  const cancel = createElement('button', 'button small', { type: 'button', 'aria-describedby': id })
  const actions = createElement('div', 'actions')
  onPress(confirm, onConfirm)
  cancel.addEventListener('click', onCancel)
  actions.append(confirm, cancel)
  root.append(words, actions)
  return { root, words, confirm, cancel }
}

/** Creates the row of a passkey. In it, the user types a new name, or confirms that the passkey is to be removed. */
export function createPasskeyRow(actions: PasskeyActions): Row<ShownPasskey> {
  const row = createRow()
  const created = createElement('time', 'time')
  const used = createElement('time', 'time')
  const rename = createRowButton(row.name, () => {
    form.input.value = shown.name
    form.complain(false)
    open(form.root, form.input)
    form.input.select()
  })
  // The focus is on the harmless answer: a key that is held down must not confirm.
  const remove = createRowButton(row.name, () => open(question.root, question.cancel))
  const form = createRenameForm(() => close(rename))
  const question = createQuestion(
    () => actions.remove(shown.id),
    () => close(remove),
  )
  row.details.append(created, used)
  row.actions.append(rename, remove)
  row.root.append(form.root, question.root)
  form.root.hidden = question.root.hidden = true

  let shown: ShownPasskey
  function open(part: HTMLElement, focus: HTMLElement): void {
    row.content.hidden = row.actions.hidden = true
    part.hidden = false
    focus.focus()
  }
  /** Shows the passkey again. If the focus was in the row, it goes to the button. */
  function close(button: HTMLElement): void {
    const moves = mayMoveFocus(row.root)
    row.content.hidden = row.actions.hidden = false
    form.root.hidden = question.root.hidden = true
    if (moves) button.focus()
  }

  form.root.addEventListener('submit', async (event) => {
    event.preventDefault()
    const name = form.input.value.trim()
    form.complain(!name)
    if (!name) return form.input.focus()
    // An unchanged name is not sent: the server has a word for passkeys without a name, which must not become one.
    if (name === shown.name || (await actions.rename(shown.id, name))) close(rename)
  })
  row.root.addEventListener('keydown', (event) => {
    // While a character is composed, the key ends only that.
    if (event.key !== 'Escape' || event.isComposing || !row.content.hidden) return
    event.preventDefault()
    event.stopPropagation()
    close(form.root.hidden ? remove : rename)
  })

  return {
    root: row.root,
    show(passkey, { texts, times }) {
      shown = passkey
      row.name.textContent = passkey.name
      showTime(created, passkey.createdAt, texts.createdOn(times.date(passkey.createdAt)), times)
      showTime(used, passkey.lastUsedAt, texts.lastUsed(times.ago(passkey.lastUsedAt)), times)
      // A passkey that has not signed in yet was used when it was made.
      used.hidden = passkey.lastUsedAt <= passkey.createdAt
      rename.textContent = texts.rename
      remove.textContent = texts.remove
      if (passkey.isOnly && !question.root.hidden) close(rename)
      if (passkey.isOnly && focusedIn(row.root) === remove) rename.focus()
      remove.hidden = passkey.isOnly
      form.label.textContent = texts.name
      form.error.textContent = texts.missingName
      form.save.textContent = texts.save
      question.words.textContent = texts.removeQuestion(passkey.name)
      question.confirm.textContent = texts.removePasskey
      for (const { cancel } of [form, question]) cancel.textContent = texts.cancel
    },
  }
}
