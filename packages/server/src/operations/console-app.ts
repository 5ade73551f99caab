import { randomBytes } from 'node:crypto'
import { secretHash } from '../tokens/api-keys.ts'
import { appProfile } from '../store/app-profile.ts'
import type { Store } from '../store/store.ts'

/** The app whose users are the instance's admins, and whose API keys manage every app. */
export const consoleId = 'console'
/** How long an invitation is good. ms. */
const patience = 3_600_000

const profile = (origin: string) =>
  appProfile({
    name: 'Tokenkeep Console',
    auth_origin: origin,
    redirect_url: '/console/',
    public_signup: false,
    refresh_enabled: true,
    refresh_absolute_lifetime: 43_200,
    refresh_inactivity_lifetime: 3600,
  })

/** A link that makes somebody an admin, once, within the hour. The secret stays in the fragment: no server logs it. */
export async function inviteAdmin(
  store: Store,
  baseUrl: string,
  purpose: 'first' | 'further',
  now: number,
): Promise<{ url: string; expiresAt: number }> {
  const secret = randomBytes(24).toString('base64url')
  const expiresAt = now + patience
  await store.invitations.add(consoleId, secretHash(secret), purpose, expiresAt, now)
  return { url: `${baseUrl}/console/#invitation=${secret}`, expiresAt }
}

/** Makes the console's app where there is none. As long as nobody is its admin: the link for the first one. */
export async function prepareConsole(
  store: Store,
  baseUrl: string,
  now: number,
): Promise<string | undefined> {
  const { origin } = new URL(baseUrl)
  const known = await store.apps.find(consoleId)
  if (!known) await store.apps.add(consoleId, profile(origin), 'system', now)
  else if (known.auth_origin !== origin)
    await store.apps.change(
      consoleId,
      known.version,
      { ...known, auth_origin: origin },
      { before: { auth_origin: known.auth_origin }, after: { auth_origin: origin } },
      'system',
      now,
    )
  const admins = await store.users.list(consoleId, { status: 'active' }, 'created_at:asc', 1, 0)
  if (admins.total > 0) return undefined
  return (await inviteAdmin(store, baseUrl, 'first', now)).url
}
