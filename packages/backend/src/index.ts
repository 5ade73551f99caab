export { createBackend } from './backend.ts'
export { AuthError, isAuthError } from './tokens/auth-error.ts'
export { isManagementError, ManagementError } from './management/management-error.ts'

export type { AuthenticateOptions, Backend, BackendOptions } from './backend.ts'
export type { IncomingRequest } from './tokens/credentials.ts'
export type { AuthErrorCode, AuthErrorOptions } from './tokens/auth-error.ts'
export type { ManagementErrorCode } from './management/management-error.ts'
export type { DpopOptions, ReplayStore } from './tokens/proof-options.ts'
export type { FeedState, RevocationFeed, RevocationsOptions } from './revocations/feed.ts'
export type { AppSettings } from './management/settings.ts'
export type { Person, Users, UsersPage } from './management/users.ts'
export type { Auth } from './tokens/verify.ts'
export type {
  AuthResult,
  AuthTokenClaims,
  ManagedApp,
  NewUser,
  Revocation,
  SessionOfUser,
  SettingsChange,
  SigningAlgorithm,
  User,
  UserChange,
  UsersQuery,
  UserStatus,
} from '@tokenkeep/protocol'
