export * from '@tokenkeep/core'
export { injectAuthToken, provideAuthToken } from './auth-token.ts'
export { injectClaims } from './claims.ts'
export { authTokenGuard } from './guard.ts'
export {
  AUTH_TOKEN_MODE,
  AuthTokenInterceptor,
  authTokenInterceptor,
  WITHOUT_AUTH_TOKEN,
} from './interceptor.ts'
export { roleGuard } from './role-guard.ts'
export { injectEndsIn, injectSessionWarning } from './session-warning.ts'

export type { AuthToken, AuthTokenOptions } from './binding.ts'
