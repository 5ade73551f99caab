export * from '@tokenkeep/core'
export { AuthTokenProvider, useAuthToken } from './client.tsx'

export type { AuthTokenActions } from './binding.ts'
export type { AuthToken, AuthTokenProviderProps } from './client.tsx'
