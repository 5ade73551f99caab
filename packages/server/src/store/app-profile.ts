import { settings } from '@tokenkeep/protocol'
import type { AppProfile } from './apps.ts'

type NewApp = Pick<AppProfile, 'name' | 'auth_origin' | 'redirect_url'> & Partial<AppProfile>

/**
 * Completes the settings of a new app with their defaults, ready for `store.apps.add`.
 *
 * Defaults: refresh tokens off, sign-up open to everybody, EdDSA, an auth token of 300 seconds, sessions of at most
 * 2,592,000 seconds (30 days) and 604,800 seconds (7 days) without activity. All lifetimes are in seconds.
 *
 * @example
 * ```ts
 * import { appProfile, openStore } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const profile = appProfile({ name: 'Shop', auth_origin: 'https://shop.example.com', redirect_url: '/' })
 * await store.apps.add('shop', profile, 'system', Date.now())
 * ```
 */
export const appProfile = (given: NewApp): AppProfile => ({
  additional_auth_origins: [],
  alg: 'EdDSA',
  public_signup: true,
  ...settings.parse({}),
  ...given,
})
