import { browserEnvironment } from '../environment.ts'
import type { ProofSender } from '../http/authorize.ts'
import { resolve } from '../http/origins.ts'
import { hashOf, makeProof, type ProvenSession } from './proof.ts'

/** The newest nonce of each API. */
const nonces = new Map<string, string>()

/**
 * Proves the key of a bound session with each request (RFC 9449 section 7.1). Pass it as the option `proof` of the
 * function that sends the token. A request of a session that is not bound is sent as without it. Your API must allow the header `DPoP` and expose
 * `DPoP-Nonce` (CORS).
 *
 * @example
 * ```ts
 * import { createAuthFetch, createTokenManager, sendProof, sessionServer, withProof } from '@tokenkeep/core'
 *
 * const server = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport: withProof(server) })
 * const authFetch = createAuthFetch(auth, { origins: ['https://api.example.com'], proof: sendProof })
 * ```
 */
export const sendProof: ProofSender = async (auth, request, token, value) => {
  const session: ProvenSession | undefined = auth.get?.().session
  const key = session?.dpop
  const url = resolve(request.url)
  if (!key?.isBound || !url) return request.send(value)
  const { method: htm = 'GET' } = request
  const nonceOf = () => nonces.get(url.origin)
  const send = async () => {
    const claims = { htm, nonce: nonceOf(), ath: await hashOf(token) }
    const proof = await makeProof(key, url.href, browserEnvironment.now(), claims)
    const answer = await request.send(`DPoP ${token}`, proof)
    const newer = request.headerOf?.(answer, 'dpop-nonce')
    if (newer) nonces.set(url.origin, newer)
    return answer
  }
  const before = nonceOf()
  const answer = await send()
  const isWanted = request.isUnauthorized(answer) && nonceOf() !== before
  return isWanted && request.canReplay !== false ? send() : answer
}
