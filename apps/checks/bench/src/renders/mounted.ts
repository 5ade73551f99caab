import type { Session } from '../peers/peer.ts'

/** How many components read whether somebody is signed in. */
export const components = 1000

/** Mounts an app with a session that shows the components. It calls `onRender` after each render of one. Returns the function that refreshes. */
export type Mount = (
  session: Session,
  onRender: () => void,
  root: HTMLElement,
) => Promise<() => Promise<unknown>>
