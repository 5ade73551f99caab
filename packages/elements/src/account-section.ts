import { nextId, type Row, type Wording } from './account-row.ts'
import { focusedIn } from './focus.ts'
import { createElement } from './form.ts'

/** What happened last in a section. */
export interface Message {
  readonly text: string
  readonly isError: boolean
}

/** Everything that a section shows. */
export interface SectionState<Item> {
  readonly title: string
  readonly hint: string
  /** The button that belongs to the whole list. Undefined: there is none. */
  readonly action: string | undefined
  readonly items: readonly Item[]
  readonly message: Message | undefined
}

export interface Section<Item> {
  readonly root: HTMLElement
  show(state: SectionState<Item>, wording: Wording): void
}

/** Creates a section: a heading with a button, and a list. */
export function createSection<Item extends { readonly id: string }>(
  onAction: () => void,
  createRow: () => Row<Item>,
): Section<Item> {
  const titleId = nextId('title')
  const root = createElement('section', 'section', { 'aria-labelledby': titleId })
  const header = createElement('div', 'header')
  const words = createElement('div', 'words')
  const title = createElement('h2', 'title', { id: titleId, tabindex: '-1' })
  const hint = createElement('p', 'hint')
  const action = createElement('button', 'button small', { type: 'button' })
  const status = createElement('p', 'status', { role: 'status' })
  const error = createElement('p', 'error', { role: 'alert' })
  // Without the role, Safari does not call a list without bullets a list.
  const list = createElement('ul', 'list', { role: 'list', 'aria-labelledby': titleId })
  action.addEventListener('click', onAction)
  words.append(title, hint)
  header.append(words, action)
  root.append(header, status, error, list)

  /** The rows by the ids of their items. A row stays, so that what is typed in it stays too. */
  const rows = new Map<string, Row<Item>>()
  function showItems(items: readonly Item[], wording: Wording): void {
    const focused = focusedIn(root)
    const before = [...rows.values()].findIndex((row) => row.root.contains(focused))
    const kept = new Set(items.map(({ id }) => id))
    for (const [id, row] of rows)
      if (!kept.has(id)) {
        row.root.remove()
        rows.delete(id)
      }
    for (const item of items) {
      const row = rows.get(item.id) ?? createRow()
      rows.set(item.id, row)
      row.show(item, wording)
    }
    // A row that is put where it is already would lose the focus.
    items.forEach(({ id }, at) => {
      const { root: own } = rows.get(id)!
      if (list.children[at] !== own) list.insertBefore(own, list.children[at] ?? null)
    })
    list.hidden = items.length === 0
    if (before < 0 || focused?.isConnected) return
    const next = list.children[Math.min(before, items.length - 1)] as HTMLElement | undefined
    ;(next ?? title).focus()
  }

  return {
    root,
    show({ title: heading, hint: text, action: label, items, message }, wording) {
      title.textContent = heading
      hint.textContent = text
      if (!label && focusedIn(root) === action) title.focus()
      action.hidden = !label
      action.textContent = label ?? ''
      const isNews = message?.isError && error.textContent !== message.text
      status.textContent = message && !message.isError ? message.text : ''
      error.textContent = message?.isError ? message.text : ''
      error.hidden = !message?.isError
      showItems(items, wording)
      // The row whose button was pressed can be far below.
      if (isNews) error.scrollIntoView({ block: 'nearest' })
    },
  }
}
