import type { AccountTexts } from './account-texts.ts'
import { createElement } from './form.ts'
import type { Times } from './times.ts'

/** The language of the rows. */
export interface Wording {
  readonly texts: AccountTexts
  readonly times: Times
}

/** A row of a list. It shows the same item for as long as it is there. */
export interface Row<Item> {
  readonly root: HTMLLIElement
  show(item: Item, wording: Wording): void
}

let ids = 0
/** Returns an id that no other part of an account has. */
export const nextId = (kind: string): string => `${kind}-${++ids}`

/** Creates the parts that all rows have. A row can have the focus after the row before it has been removed. */
export function createRow() {
  const root = createElement('li', 'row', { tabindex: '-1' })
  const content = createElement('div', 'content')
  // A user typed the name, so it can be in any script.
  const name = createElement('bdi', 'name', { id: nextId('name') })
  const details = createElement('p', 'details')
  const actions = createElement('div', 'actions')
  content.append(name, details)
  root.append(content, actions)
  return { root, content, name, details, actions }
}

/**
 * Calls `run` when the button is pressed, but not at the second half of a double click: by then, another button can be in its place,
 * and what it does cannot be undone.
 */
export function onPress(button: HTMLButtonElement, run: () => void): void {
  button.addEventListener('click', ({ detail }) => {
    if (detail < 2) run()
  })
}

/** Creates a button of a row. All rows have the same buttons, so its name for assistive technology has that of the row. */
export function createRowButton(name: HTMLElement, run: () => void): HTMLButtonElement {
  const id = nextId('button')
  const button = createElement('button', 'button small', {
    type: 'button',
    id,
    'aria-labelledby': `${id} ${name.id}`,
  })
  onPress(button, run)
  return button
}

/** Shows a time in words, and exactly in its title. */
export function showTime(element: HTMLTimeElement, at: number, words: string, { exact }: Times): void {
  element.textContent = words
  element.dateTime = new Date(at).toISOString()
  element.title = exact(at)
}
