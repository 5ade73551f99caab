export * from '@tokenkeep/core'
export { AuthTokenProvider, useAuthToken } from './client.tsx'
export { RequireAuth } from './require-auth.tsx'
export { useSuspenseAuthToken } from './suspense.ts'

export type { AuthTokenActions } from './binding.ts'
export type { AuthToken, AuthTokenProviderProps } from './client.tsx'
export type { RequireAuthProps } from './require-auth.tsx'
export type { SettledAuthToken } from './suspense.ts'
