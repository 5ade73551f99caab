export { createBackend } from './backend.ts'
export { AuthError, isAuthError } from './errors.ts'
export { isManagementError, ManagementError } from './management-error.ts'

export type { AuthenticateOptions, Backend, BackendOptions } from './backend.ts'
export type { IncomingRequest } from './credentials.ts'
export type { AuthErrorCode } from './errors.ts'
export type { ManagementErrorCode } from './management-error.ts'
export type { FeedState, RevocationFeed, RevocationsOptions } from './revocations.ts'
export type { AppSettings } from './settings.ts'
export type { Users, UsersPage } from './users.ts'
export type { Auth } from './verify.ts'
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
