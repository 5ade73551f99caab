import { imitateProviders } from './providers.ts'

export const register = imitateProviders
