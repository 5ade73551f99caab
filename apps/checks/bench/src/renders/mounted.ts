import type { Session } from '../peers/peer.ts'

/** How many components read whether a user is signed in. */
export const components = 1000

/** Mounts an app that has a session and shows the components. Each render of a component calls `onRender`. Resolves to the function that refreshes. */
export type Mount = (
  session: Session,
  onRender: () => void,
  root: HTMLElement,
) => Promise<() => Promise<unknown>>
