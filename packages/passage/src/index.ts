export { configurePassage } from './configuration.ts'
export { PassageError } from './errors.ts'
export { PassageUser } from './passage-user.ts'
export { Session } from './session.ts'
export { ReadOnlyTokenStore, TokenStore } from './token-store.ts'

export type { AuthResult } from '@tokenkeep/protocol'
export type { App } from './app.ts'
export type { PassageUserInfo } from './user-info.ts'
