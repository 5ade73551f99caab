import type { Session } from '../peers/peer.ts'

/** A thousand components that read whether somebody is signed in. */
export const components = 1000

/** An app that shows them, with a session. Calls `onRender` each time one of them renders. Returns a refresh. */
export type Mount = (
  session: Session,
  onRender: () => void,
  root: HTMLElement,
) => Promise<() => Promise<unknown>>
