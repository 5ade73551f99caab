export { readClaims } from './claims.ts'
export { browserEnvironment } from './environment.ts'
export { isTokenError, TokenError } from './errors.ts'
export { sendProof } from './dpop/send-proof.ts'
export { withProof } from './dpop/with-proof.ts'
export { createAuthorize } from './http/authorize.ts'
export { createAuthFetch } from './http/fetch.ts'
export { createStepUp } from './http/step-up.ts'
export { indexedDbStore } from './stores/indexed-db.ts'
export { customStore } from './stores/custom-store.ts'
export { cookieBackend } from './stores/cookie-backend.ts'
export { functionTransport } from './transports/function-transport.ts'
export { initialState, transition, transitionTable } from './machine/machine.ts'
export { endsIn } from './manager/ends-in.ts'
export { createTokenManager } from './manager/manager.ts'
export { oauth } from './transports/oauth.ts'
export { withPassageTokens } from './stores/passage-tokens.ts'
export { sessionServer } from './transports/session-server.ts'
export { refreshAhead } from './manager/refresh-ahead.ts'
export { sessionEnd } from './manager/session-end.ts'
export { sessionWarning } from './manager/session-warning.ts'
export { isSettled, isSignedIn, settled } from './manager/settled.ts'
export { staySignedIn } from './manager/stay-signed-in.ts'
export { wasSignedIn } from './manager/was-signed-in.ts'
export { memoryStore } from './stores/store.ts'
export { withCookie } from './transports/with-cookie.ts'
export { localStorageStore, sessionStorageStore } from './stores/web-storage.ts'

export type { Claims } from './claims.ts'
export type { TextStorage } from './stores/custom-store.ts'
export type { Environment } from './environment.ts'
export type { TokenErrorCode } from './errors.ts'
export type { AuthEvent } from './machine/machine.ts'
export type {
  Authorize,
  AuthorizeOptions,
  AuthRequest,
  AuthTokenMode,
  ProofSender,
  StepUp,
  TokenSource,
} from './http/authorize.ts'
export type { AuthFetch, AuthFetchOptions, AuthTokenInit } from './http/fetch.ts'
export type { StepUpOptions } from './http/step-up.ts'
export type { StepUpChallenge } from './http/step-up-challenge.ts'
export type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './manager/api.ts'
export type { OAuthOptions, OAuthTokenResponse } from './transports/oauth.ts'
export type {
  CookieBackend,
  CookieBackendOptions,
  CookieBackendRequest,
  CookieBackendTokens,
} from './stores/cookie-backend.ts'
export type { FunctionOutcome, RefreshFailed, SessionEnded } from './transports/function-outcome.ts'
export type { FunctionTransportResult, FunctionTransportOptions } from './transports/function-transport.ts'
export type { SessionServerOptions } from './transports/session-server.ts'
export type { Readable } from './manager/session-clock.ts'
export type { SessionEnd } from './manager/session-end.ts'
export type { SessionWarning } from './manager/session-warning.ts'
export type { SettledState } from './manager/settled.ts'
export type { Session, SessionClaims, SignedOutReason } from './machine/session.ts'
export type { AuthState, Expired, Refreshing, SignedOut, Status, Valid } from './machine/state.ts'
export type { Store } from './stores/store.ts'
export type { Transport } from './transports/transport.ts'
