export { readClaims } from './claims.ts'
export { browserEnvironment } from './environment.ts'
export { isTokenError, TokenError } from './errors.ts'
export { createAuthFetch } from './fetch.ts'
export { indexedDb } from './indexed-db.ts'
export { custom } from './custom-store.ts'
export { functions } from './function-transport.ts'
export { initialState, table, transition } from './machine.ts'
export { createTokenManager } from './manager.ts'
export { oauth } from './oauth.ts'
export { withPassageTokens } from './passage-tokens.ts'
export { sessionServer } from './session-server.ts'
export { refreshAhead } from './refresh-ahead.ts'
export { isSettled, isSignedIn, settled } from './settled.ts'
export { memory } from './store.ts'
export { withCookie } from './with-cookie.ts'
export { localStorageStore, sessionStorageStore } from './web-storage.ts'

export type { Claims } from './claims.ts'
export type { TextStorage } from './custom-store.ts'
export type { Environment } from './environment.ts'
export type { TokenErrorCode } from './errors.ts'
export type { AuthEvent } from './machine.ts'
export type { AuthFetchOptions } from './fetch.ts'
export type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './api.ts'
export type { OAuthOptions, TokenResponse } from './oauth.ts'
export type { OwnResult, OwnTransportOptions } from './function-transport.ts'
export type { SessionServerOptions } from './session-server.ts'
export type { SettledState } from './settled.ts'
export type {
  AuthState,
  Expired,
  Refreshing,
  Session,
  SignedOut,
  SignedOutReason,
  Status,
  Valid,
} from './state.ts'
export type { Store } from './store.ts'
export type { Transport } from './transport.ts'
