export * from '@tokenkeep/core'
export { createAuthToken, useAuthToken } from './auth-token.ts'
export { authTokenGuard } from './guard.ts'

export type { AuthToken, AuthTokenActions, AuthTokenOptions } from './auth-token.ts'
