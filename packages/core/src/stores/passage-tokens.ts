import type { AuthResult } from '@tokenkeep/protocol'
import { readClaims } from '../claims.ts'
import { browserEnvironment } from '../environment.ts'
import { signIn } from '../tabs/protocol.ts'
import type { Store } from './store.ts'
import type { Transport } from '../transports/transport.ts'

const authKey = 'psg_auth_token'
const refreshKey = 'psg_refresh_token'

/**
 * Takes over, once, the session that Passage's own client left in `localStorage`: where there is no record yet, its
 * tokens become one; then its keys and its cookie go, whatever became of them.
 */
export function withPassageTokens(
  store: Store,
  transport: Transport<AuthResult>,
  env = browserEnvironment,
): Store {
  let taken: Promise<void> | undefined

  async function take(key: string): Promise<void> {
    const left = read()
    if (!left) return
    const { result, issuedAt } = left
    // As if it had come when it was issued: one that lapsed long ago is renewed at its first use.
    const grant = transport.grant(result, issuedAt)
    const write = signIn(env.draw().id, grant, Math.min(issuedAt, env.now()))
    await store.update(key, (record) => record ?? write(record))
    for (const name of [authKey, refreshKey]) localStorage.removeItem(name)
    // With its path: without it, the cookie stays wherever the page is not at the root.
    document.cookie = `${authKey}=; path=/; max-age=0`
  }

  return {
    async update(key, change) {
      // What can't be read is nothing to take over, and no reason to fail.
      await (taken ??= take(key).catch(() => {}))
      return store.update(key, change)
    },
  }
}

/** `issuedAt`: milliseconds since the epoch. */
function read(): { result: AuthResult; issuedAt: number } | undefined {
  const auth_token = localStorage.getItem(authKey)
  // None where refresh tokens were off.
  const refresh_token = localStorage.getItem(refreshKey)
  if (!auth_token) return undefined
  const { sub, sid, iat, exp } = readClaims(auth_token) ?? {}
  if (!iat || !exp) return undefined
  return {
    issuedAt: iat * 1000,
    result: {
      auth_token,
      auth_token_expires_in: exp - iat,
      session_id: sid ?? '',
      user_id: sub ?? '',
      redirect_url: '',
      ...(refresh_token && { refresh_token }),
    },
  }
}
