export * from '@tokenkeep/core'
export { AuthTokenProvider, useAuthToken, type AuthToken } from './client.tsx'
