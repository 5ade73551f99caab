/** The part of an element that has the focus. */
export const focusedIn = (part: Element): Element | null =>
  (part.getRootNode() as Partial<ShadowRoot>).activeElement ?? null

/** Tells whether a part may move the focus: it has the focus, or nothing on the page has it. */
export function mayMoveFocus(part: Element): boolean {
  const focused = focusedIn(part)
  return focused ? part.contains(focused) : document.activeElement === document.body
}
