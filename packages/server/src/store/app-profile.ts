import { settings } from '@tokenkeep/protocol'
import type { AppProfile } from './apps.ts'

type NewApp = Pick<AppProfile, 'name' | 'auth_origin' | 'redirect_url'> & Partial<AppProfile>

/** An app as it is to be kept. What is left out has its default: refresh tokens are off. */
export const appProfile = (given: NewApp): AppProfile => ({
  additional_auth_origins: [],
  alg: 'EdDSA',
  public_signup: true,
  ...settings.parse({}),
  ...given,
})
