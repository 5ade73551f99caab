import { browserEnvironment as env, readClaims, type Store, type Transport } from '@tokenkeep/core'
import { signIn, signOut, type SessionRecord, type SignedInRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { TokenStore } from './token-store.ts'

/** Converts a record to the `AuthResult` that Passage's clients know. */
export function authResultOf({ token, lifetime, refreshToken, session }: SignedInRecord): AuthResult {
  const expiration = session.absoluteExpiresAt ?? session.inactiveAt
  return {
    auth_token: token,
    auth_token_expires_in: lifetime / 1000,
    session_id: session.id,
    user_id: session.userId,
    redirect_url: '',
    ...(refreshToken && { refresh_token: refreshToken }),
    ...(expiration !== undefined && { refresh_token_expiration: Math.floor(expiration / 1000) }),
  }
}

/**
 * Makes a `Store` of `@tokenkeep/core` from a token store of Passage. The tokens in it decide: if another tab or program
 * puts tokens there, their session begins; if it removes them, the session ends. The rest of the record is in memory.
 */
export function storeOverTokens(tokens: TokenStore, transport: Transport<AuthResult>): Store {
  let current: SessionRecord | undefined
  /** The record of the last tokens. If the token store keeps them after a sign-out, they do not start a new session. */
  let lastSignedIn: SignedInRecord | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function read(): Promise<SessionRecord | undefined> {
    const [authToken, refreshToken] = await Promise.all([
      tokens.getAuthToken().catch(() => undefined),
      tokens.getRefreshToken(),
    ])
    if (!authToken) return current?.session ? signOut('unreadable')(current) : current
    if (lastSignedIn?.token === authToken && lastSignedIn.refreshToken === (refreshToken ?? undefined))
      return current
    const { sub, sid, iat, exp } = readClaims(authToken) ?? {}
    const issuedAt = Number(iat) * 1000
    const result = {
      auth_token: authToken,
      auth_token_expires_in: Number(exp) - Number(iat),
      session_id: String(sid ?? ''),
      user_id: String(sub),
      redirect_url: '',
      ...(refreshToken && { refresh_token: refreshToken }),
    }
    // The token counts as received when it was issued, so an expired token is refreshed at its first use.
    const response = transport.parseTokenResponse(result, issuedAt)
    const record = signIn(env.entropy().id, response, Math.min(issuedAt, env.now()))()
    const pendingRevocations =
      current?.pendingRevocations.filter(({ sessionId }) => sessionId !== response.session.id) ?? []
    return current?.session && current.session.id === response.session.id
      ? { ...record, pendingRevocations, epoch: current.epoch, generation: current.generation + 1 }
      : { ...record, pendingRevocations }
  }

  return {
    update(key, change) {
      const turn = queue.then(async () => {
        const before = await read()
        const after = change(before)
        if (after && after !== before) {
          if (after.reason) await tokens.clearTokens()
          else if (!before?.session || before.token !== after.token)
            await tokens.setTokens(authResultOf(after))
        }
        current = after
        if (before?.session) lastSignedIn = before
        if (after?.session) lastSignedIn = after
        return after
      })
      queue = turn.catch(() => {})
      return turn
    },
  }
}
