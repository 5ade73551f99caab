import { browserEnvironment as env, readClaims, type Store, type Transport } from '@tokenkeep/core'
import { signIn, signOut, type SessionRecord, type SignedInRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { TokenStore } from './token-store.ts'

/** A record as Passage's clients know it. */
export function authResultOf({ token, lifetime, refreshToken, session }: SignedInRecord): AuthResult {
  const deadlines = [session.absoluteExpiresAt, session.inactiveAt].filter((ms) => ms !== undefined)
  return {
    auth_token: token,
    auth_token_expires_in: lifetime / 1000,
    session_id: session.id,
    user_id: session.userId,
    redirect_url: '',
    ...(refreshToken && { refresh_token: refreshToken }),
    ...(deadlines.length > 0 && { refresh_token_expiration: Math.floor(Math.min(...deadlines) / 1000) }),
  }
}

/**
 * A store of the core's over one of Passage's. The tokens in it decide: what another tab or program put there is taken
 * up, and what it took away is over. The rest of the record lives as long as the page.
 */
export function overTokenStore(tokens: TokenStore, transport: Transport<AuthResult>): Store {
  let known: SessionRecord | undefined
  /** The tokens it was about last: a store may keep them through a sign-out. */
  let held: SignedInRecord | undefined
  let queue: Promise<unknown> = Promise.resolve()

  async function read(): Promise<SessionRecord | undefined> {
    const [authToken, refreshToken] = await Promise.all([
      tokens.getAuthToken().catch(() => undefined),
      tokens.getRefreshToken(),
    ])
    if (!authToken) return known?.session ? signOut(env.entropy().id, 'unreadable')(known) : known
    if (held?.token === authToken && held.refreshToken === (refreshToken ?? undefined)) return known
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
    // As if it had come when it was issued: so one that has lapsed is known to have.
    const response = transport.parseTokenResponse(result, issuedAt)
    const record = signIn(env.entropy().id, response, Math.min(issuedAt, env.now()))()
    const pendingRevocations =
      known?.pendingRevocations.filter(({ sessionId }) => sessionId !== response.session.id) ?? []
    return known?.session && known.session.id === response.session.id
      ? { ...record, pendingRevocations, epoch: known.epoch, generation: known.generation + 1 }
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
        known = after
        if (before?.session) held = before
        if (after?.session) held = after
        return after
      })
      queue = turn.catch(() => {})
      return turn
    },
  }
}
