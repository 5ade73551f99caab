import { parseBaseUrl, type BaseUrl } from '../base-url.ts'
import { CONSOLE_APP_ID } from '../store/apps.ts'
import { appProfile, changeApp } from '../store/app-profile.ts'
import type { Store } from '../store/store.ts'
import { invite } from './invite.ts'

export { CONSOLE_APP_ID }
/** An invitation is valid for one hour. */
export const INVITATION_LIFETIME_MS = 3_600_000

const profile = ({ origin, path }: BaseUrl) =>
  appProfile({
    name: 'Tokenkeep Console',
    auth_origin: origin,
    redirect_url: `${path}/console/`,
    public_signup: false,
    storage: 'cookie',
    refresh_enabled: true,
    refresh_absolute_lifetime: 43_200,
    refresh_inactivity_lifetime: 3600,
  })

/** Tells whether no other app may have this id. URLs are case-sensitive; people are not. */
export const isReserved = (id: string): boolean => id.toLowerCase() === CONSOLE_APP_ID

/** The settings of the Console's app that nobody can change: other values could let strangers become admins. */
const fixed = (base: BaseUrl) => {
  const {
    name,
    auth_origin,
    additional_auth_origins,
    redirect_url,
    public_signup,
    storage,
    passkey_changes,
    binding,
  } = profile(base)
  return {
    name,
    auth_origin,
    additional_auth_origins: [...additional_auth_origins],
    redirect_url,
    public_signup,
    storage,
    passkey_changes,
    binding,
  }
}
/** The names of the fields of the Console's app that cannot be changed. */
export const FIXED_FIELDS: readonly string[] = Object.keys(fixed(parseBaseUrl('http://localhost')))

/** The link with which an invited person signs up. The secret is in the fragment, which browsers do not send to servers. */
export const consoleLink = (baseUrl: string, secret: string): string =>
  `${parseBaseUrl(baseUrl).href}/console/#invitation=${secret}`

/**
 * Creates the app of the Console if it is missing, and corrects those of its settings that nobody can change. Returns the link
 * that makes the first admin, or undefined if there is an admin. The link works once and for one hour.
 *
 * @param baseUrl The URL at which clients reach the session server.
 * @param now Milliseconds since the epoch.
 *
 * @example
 * ```ts
 * import { openStore, prepareConsole } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const link = await prepareConsole(store, 'https://auth.example.com', Date.now())
 * if (link) console.error(`First admin: ${link}`)
 * ```
 */
export async function prepareConsole(
  store: Store,
  baseUrl: string,
  now: number,
): Promise<string | undefined> {
  const existing = await store.apps.find(CONSOLE_APP_ID)
  const base = parseBaseUrl(baseUrl)
  if (!existing) await store.apps.add(CONSOLE_APP_ID, profile(base), 'system', now)
  else {
    const { profile: right, ...data } = changeApp(existing, fixed(base))
    if (Object.keys(data.after).length)
      await store.apps.change(CONSOLE_APP_ID, existing.version, right, data, 'system', now)
  }
  const admins = await store.users.list(
    CONSOLE_APP_ID,
    { status: { operator: 'is', value: 'active' } },
    'created_at:asc',
    1,
    0,
  )
  if (admins.total > 0) return undefined
  const options = { first: true, role: 'owner', lifetime: INVITATION_LIFETIME_MS } as const
  const { secret } = await invite(store, CONSOLE_APP_ID, options, 'system', now)
  return consoleLink(baseUrl, secret)
}
