export { createAppSession } from './manager.ts'

export type { AppSessionOptions } from './manager.ts'
export type { PlainCause, PlainState, SessionSnapshot } from '../session/state.ts'
