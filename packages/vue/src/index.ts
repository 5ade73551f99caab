export * from '@tokenkeep/core'
export { createAuthToken, useAuthToken } from './auth-token.ts'
export { useClaims } from './claims.ts'
export { authTokenGuard } from './guard.ts'
export { roleGuard } from './role-guard.ts'
export { useEndsIn, useSessionWarning } from './session-warning.ts'

export type { AuthToken, AuthTokenActions, AuthTokenOptions } from './auth-token.ts'
