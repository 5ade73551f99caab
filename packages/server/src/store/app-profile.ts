import { appModes, appModesFault, settings, settingsFault, type SettingsChange } from '@tokenkeep/protocol'
import type { App, AppProfile } from './apps.ts'

type NewApp = Pick<AppProfile, 'name' | 'auth_origin' | 'redirect_url'> & Partial<AppProfile>

/**
 * Completes the settings of a new app with their defaults, ready for `store.apps.add`.
 *
 * Defaults: refresh tokens off, no public sign-up, the modes of `appModes`, EdDSA, an auth token of 300 seconds, sessions of at most
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
  public_signup: false,
  user_metadata_schema: [],
  ...settings.parse({}),
  ...appModes.parse({}),
  ...given,
})

/** An app after a change, and the fields that differ, with their values before and after, for the audit trail. */
export interface AppChange {
  readonly profile: AppProfile
  readonly before: Partial<SettingsChange>
  readonly after: Partial<SettingsChange>
}

/** Applies a change to an app. A field that is absent, or that has its value already, does not count as changed. */
export function changeApp(app: App, change: SettingsChange): AppChange {
  const current: SettingsChange = {
    ...app,
    additional_auth_origins: [...app.additional_auth_origins],
    user_metadata_schema: [...app.user_metadata_schema],
  }
  const names = (Object.keys(change) as (keyof SettingsChange)[]).filter(
    (name) => change[name] !== undefined && JSON.stringify(change[name]) !== JSON.stringify(current[name]),
  )
  const pick = (from: SettingsChange): Partial<SettingsChange> =>
    Object.fromEntries(names.map((name) => [name, from[name]]))
  return { profile: { ...app, ...pick(change) } as AppProfile, before: pick(current), after: pick(change) }
}

/** Says what is wrong with the settings of an app as a whole. Returns undefined if they are valid. */
export const profileFault = (profile: AppProfile): string | undefined =>
  settingsFault(profile) ?? appModesFault(profile)
