import { randomBytes } from 'node:crypto'
import { hashSecret } from '../tokens/api-keys.ts'
import { parseBaseUrl, type BaseUrl } from '../base-url.ts'
import { appProfile } from '../store/app-profile.ts'
import type { Store } from '../store/store.ts'

/** The app of the Console. Its users are the admins of the server, and its API keys manage every app. */
export const CONSOLE_APP_ID = 'console'
/** An invitation is valid for one hour. */
const INVITATION_LIFETIME_MS = 3_600_000

const profile = ({ origin, path }: BaseUrl) =>
  appProfile({
    name: 'Tokenkeep Console',
    auth_origin: origin,
    redirect_url: `${path}/console/`,
    public_signup: false,
    refresh_enabled: true,
    refresh_absolute_lifetime: 43_200,
    refresh_inactivity_lifetime: 3600,
  })

/**
 * Creates a link that makes one person an admin. It works once and for one hour. The secret is in the fragment of the URL, which
 * browsers do not send to servers, so no log contains it. Times are milliseconds since the epoch.
 */
export async function inviteAdmin(
  store: Store,
  baseUrl: string,
  purpose: 'first' | 'further',
  now: number,
): Promise<{ url: string; expiresAt: number }> {
  const secret = randomBytes(24).toString('base64url')
  const expiresAt = now + INVITATION_LIFETIME_MS
  await store.invitations.add(CONSOLE_APP_ID, hashSecret(secret), purpose, expiresAt, now)
  return { url: `${parseBaseUrl(baseUrl).href}/console/#invitation=${secret}`, expiresAt }
}

/**
 * Creates the app of the Console if it is missing. Returns the link that makes the first admin, or undefined if there is an
 * admin. The link works once and for one hour.
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
  const { auth_origin, redirect_url } = profile(parseBaseUrl(baseUrl))
  const existing = await store.apps.find(CONSOLE_APP_ID)
  if (!existing) await store.apps.add(CONSOLE_APP_ID, profile(parseBaseUrl(baseUrl)), 'system', now)
  else if (existing.auth_origin !== auth_origin || existing.redirect_url !== redirect_url)
    await store.apps.change(
      CONSOLE_APP_ID,
      existing.version,
      { ...existing, auth_origin, redirect_url },
      { before: { auth_origin: existing.auth_origin }, after: { auth_origin } },
      'system',
      now,
    )
  const admins = await store.users.list(CONSOLE_APP_ID, { status: 'active' }, 'created_at:asc', 1, 0)
  if (admins.total > 0) return undefined
  return (await inviteAdmin(store, baseUrl, 'first', now)).url
}
