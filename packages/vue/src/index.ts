export * from '@tokenkeep/core'
export { createAuthToken, useAuthToken } from './auth-token.ts'
export { authTokenGuard } from './guard.ts'
export { useEndsIn, useSessionWarning } from './session-warning.ts'

export type { AuthToken, AuthTokenActions, AuthTokenOptions } from './auth-token.ts'
