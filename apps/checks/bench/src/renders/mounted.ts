import type { Session } from '../peers/peer.ts'

/** The number of components that read whether somebody is signed in. */
export const components = 1000

/** Mounts an app with these components and a session. Calls `onRender` at each render of one. Returns a function that refreshes. */
export type Mount = (
  session: Session,
  onRender: () => void,
  root: HTMLElement,
) => Promise<() => Promise<unknown>>
