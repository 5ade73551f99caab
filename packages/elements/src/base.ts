/** The class that the elements extend. A server has no HTMLElement: there they are only imported, never created. */
export const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement
