import type { Transport } from '@tokenkeep/core'

export interface ClientCredentials {
  /** At a Tokenkeep session server: the id of the app. */
  readonly clientId: string
  /** At a Tokenkeep session server: what `tokenkeep client-secrets create` prints. */
  readonly clientSecret: string
}

/**
 * Authenticates this server to the session server with a client secret (HTTP Basic, RFC 6749 section 2.3.1).
 *
 * A session server gives an authenticated app server the current token for any older one that it proves. Without that, a
 * browser whose cookie has fallen back two generations or more stays `expired`. Never use it in a browser.
 *
 * @example
 * ```ts
 * import { sessionServer, withClientSecret } from '@tokenkeep/ssr'
 *
 * const transport = withClientSecret(sessionServer({ url: 'https://auth.example.com', appId: 'shop' }), {
 *   clientId: 'shop',
 *   clientSecret: process.env.TOKENKEEP_CLIENT_SECRET!,
 * })
 * ```
 */
export function withClientSecret<Result>(
  server: Transport<Result>,
  { clientId, clientSecret }: ClientCredentials,
): Transport<Result> {
  const authorization = `Basic ${btoa(`${formEncode(clientId)}:${formEncode(clientSecret)}`)}`
  const withCredentials =
    (send: Send): Send =>
    (url, init) =>
      send(url, { ...init, headers: { ...init.headers, authorization } })
  return {
    ...server,
    refresh: (request, send, now) => server.refresh(request, withCredentials(send), now),
    revoke: (revocation, send, now) => server.revoke(revocation, withCredentials(send), now),
  }
}

type Send = Parameters<Transport<never>['refresh']>[1]

const formEncode = (text: string): string => new URLSearchParams({ _: text }).toString().slice(2)
