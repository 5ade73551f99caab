export { readClaims } from './claims.ts'
export { browserEnvironment } from './environment.ts'
export { isTokenError, TokenError } from './errors.ts'
export { createAuthFetch } from './http/fetch.ts'
export { indexedDb } from './stores/indexed-db.ts'
export { custom } from './stores/custom-store.ts'
export { functions } from './transports/function-transport.ts'
export { initialState, table, transition } from './machine/machine.ts'
export { createTokenManager } from './manager/manager.ts'
export { oauth } from './transports/oauth.ts'
export { withPassageTokens } from './stores/passage-tokens.ts'
export { sessionServer } from './transports/session-server.ts'
export { refreshAhead } from './manager/refresh-ahead.ts'
export { isSettled, isSignedIn, settled } from './manager/settled.ts'
export { memory } from './stores/store.ts'
export { withCookie } from './transports/with-cookie.ts'
export { localStorageStore, sessionStorageStore } from './stores/web-storage.ts'

export type { Claims } from './claims.ts'
export type { TextStorage } from './stores/custom-store.ts'
export type { Environment } from './environment.ts'
export type { TokenErrorCode } from './errors.ts'
export type { AuthEvent } from './machine/machine.ts'
export type { AuthFetchOptions } from './http/fetch.ts'
export type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './manager/api.ts'
export type { OAuthOptions, TokenResponse } from './transports/oauth.ts'
export type { OwnResult, OwnTransportOptions } from './transports/function-transport.ts'
export type { SessionServerOptions } from './transports/session-server.ts'
export type { SettledState } from './manager/settled.ts'
export type {
  AuthState,
  Expired,
  Refreshing,
  Session,
  SignedOut,
  SignedOutReason,
  Status,
  Valid,
} from './machine/state.ts'
export type { Store } from './stores/store.ts'
export type { Transport } from './transports/transport.ts'
