import type { AuthResult } from '@tokenkeep/protocol'
import { readClaims } from '../claims.ts'
import { browserEnvironment } from '../environment.ts'
import { signIn } from '../tabs/sign-in.ts'
import type { Store } from './store.ts'
import type { Transport } from '../transports/transport.ts'

const authKey = 'psg_auth_token'
const refreshKey = 'psg_refresh_token'

/**
 * Takes over, once, the session that Passage's own client left in `localStorage`. If there is no record yet, its tokens
 * become the record. Then its keys and its cookie are removed.
 *
 * @example
 * ```ts
 * import { createTokenManager, indexedDbStore, sessionServer, withPassageTokens } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport, storage: withPassageTokens(indexedDbStore(), transport) })
 * ```
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
    // The token counts as received when it was issued, so a token that has expired is refreshed at its first use.
    const response = transport.parseTokenResponse(result, issuedAt)
    const write = signIn(env.entropy().id, response, Math.min(issuedAt, env.now()))
    await store.update(key, (record) => record ?? write(record))
    for (const name of [authKey, refreshKey]) localStorage.removeItem(name)
    // Without a path, only a page at the root could remove the cookie.
    document.cookie = `${authKey}=; path=/; max-age=0`
  }

  return {
    async update(key, change) {
      // Tokens that cannot be read are not taken over. The transaction must not fail because of them.
      await (taken ??= take(key).catch(() => {}))
      return store.update(key, change)
    },
  }
}

/** Returns the tokens that Passage's client left. `issuedAt`: milliseconds since the Unix epoch. */
function read(): { result: AuthResult; issuedAt: number } | undefined {
  const auth_token = localStorage.getItem(authKey)
  // Absent if refresh tokens were off.
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
