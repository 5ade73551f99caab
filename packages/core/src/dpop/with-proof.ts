import type { HttpRequest, HttpResponse } from '../platform.ts'
import type { Transport } from '../transports/transport.ts'
import { makeKeys, makeProof, type ProvenSession } from './proof.ts'

/** The token type (RFC 6749 section 5.1), as a session server and as an authorization server send it. */
type Body = { token_type?: unknown; auth_result?: { token_type?: unknown } } | undefined

/**
 * Binds sessions to a key that no script can read (DPoP, RFC 9449): a stolen token is worth nothing without it. The server
 * must support it; of a session server, it is the app's setting `binding`. If the server binds nothing, or if the browser or the
 * storage cannot keep a key, the session stays as it is without this function. The key is made before the first refresh, and
 * stored with the session: use a storage that keeps objects, such as `indexedDbStore()`.
 *
 * Requests to your API then need `proof: sendProof` in the options of `createAuthFetch`, `authorizeAxios` or `provideAuthToken`.
 *
 * @example
 * ```ts
 * import { createAuthFetch, createTokenManager, sendProof, sessionServer, withProof } from '@tokenkeep/core'
 *
 * const server = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport: withProof(server) })
 * const authFetch = createAuthFetch(auth, { proof: sendProof })
 * ```
 */
export function withProof<Result>(transport: Transport<Result>): Transport<Result> {
  let nonce: string | undefined
  /** The session for which this tab has made a key. A storage that cannot keep it is asked once. */
  let triedFor: string | undefined
  return {
    ...transport,
    async refresh(request, send, now) {
      const session: ProvenSession = request.session
      if (!session.dpop && triedFor !== session.id) {
        triedFor = session.id
        const dpop = await makeKeys().catch(() => undefined)
        const withKey: ProvenSession = { ...session, dpop }
        // First, the key is stored. A key that was lost after the server knows it would end the session.
        if (dpop) return { failed: 'unreachable', retryAfter: 1, session: withKey }
      }
      const key = session.dpop
      // A storage of texts has made an empty object of the key.
      if (!key || !(key.privateKey instanceof CryptoKey))
        return key?.isBound
          ? { failed: 'sign-in-required', session: { ...session, renewable: false } }
          : transport.refresh(request, send, now)

      let tokenType: unknown
      const sendProven = async (
        url: string,
        init: HttpRequest,
        isRepeated?: boolean,
      ): Promise<HttpResponse> => {
        // Discovery has no method, and no proof.
        if (!init.method) return send(url, init)
        const dpop = await makeProof(key, url, now(), { htm: init.method, nonce })
        const response = await send(url, { ...init, headers: { ...init.headers, dpop } })
        const newer = response.headers.get('dpop-nonce')
        nonce = newer ?? nonce
        // RFC 9449 section 8: the same request once more. Its retry id is the same too.
        if (newer && !response.ok && response.status < 402 && !isRepeated) return sendProven(url, init, true)
        const json = response.json.bind(response)
        response.json = async () => {
          const body = (await json()) as Body
          tokenType = (body?.auth_result ?? body)?.token_type
          return body
        }
        return response
      }
      const answer = await transport.refresh(request, sendProven, now)
      if (!answer.issued) return answer
      const dpop = { ...key, isBound: /dpop/i.test(tokenType as string) }
      const bound: ProvenSession = { ...answer.issued.session, dpop }
      return { issued: { ...answer.issued, session: bound } }
    },
  }
}
