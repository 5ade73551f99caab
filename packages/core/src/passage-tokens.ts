import type { AuthResult } from '@tokenkeep/protocol'
import { readClaims } from './claims.ts'
import { browserEnvironment } from './environment.ts'
import { signIn } from './protocol.ts'
import type { Store } from './store.ts'
import type { Transport } from './transport.ts'

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
    const result = read(env.now())
    if (!result) return
    const grant = transport.grant(result, env.now())
    const write = signIn(env.id(), grant, env.now())
    await store.update(key, (record) => record ?? write(record))
    for (const name of [authKey, refreshKey]) localStorage.removeItem(name)
    // With its path: without it, the cookie stays wherever the page is not at the root.
    document.cookie = `${authKey}=; path=/; max-age=0`
  }

  return {
    async update(key, change) {
      // What can't be read or is no token is nothing to take over, and no reason to fail.
      await (taken ??= take(key).catch(() => {}))
      return store.update(key, change)
    },
  }
}

function read(now: number): AuthResult | undefined {
  const auth_token = localStorage.getItem(authKey)
  const refresh_token = localStorage.getItem(refreshKey)
  if (!auth_token || !refresh_token) return undefined
  const { exp } = readClaims(auth_token)
  // A token that lapsed long ago is renewed at its first use.
  return {
    auth_token,
    refresh_token,
    redirect_url: '',
    auth_token_expires_in: Math.max(exp - now / 1000, 0.001),
  }
}
