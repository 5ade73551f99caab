/** A property that a page set before the browser upgraded the element hides its accessor. This sets it again, by the accessor. */
export function adoptEarlyProperties<Name extends string>(
  element: HTMLElement & Partial<Record<Name, unknown>>,
  names: readonly Name[],
): void {
  for (const name of names) {
    if (!Object.hasOwn(element, name)) continue
    const early = { [name]: element[name] }
    delete element[name]
    Object.assign(element, early)
  }
}
