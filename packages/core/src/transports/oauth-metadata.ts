import type { Failed } from '../tabs/answer.ts'
import { failure } from './failure.ts'
import type { Send } from './transport.ts'

/** The endpoints of an authorization server that this library uses. */
export interface OAuthEndpoints {
  readonly tokenEndpoint: string
  /** The revocation endpoint (RFC 7009). Without it, the server is never told of a sign-out. */
  readonly revocationEndpoint?: string | undefined
}

/**
 * Asks an issuer for its metadata. OpenID Connect Discovery puts the well-known path after the issuer's path, RFC 8414
 * section 3 puts it before that path. Many servers answer in only one of these places, and the other one may fail in any
 * way, for example without CORS headers. So a failure in one place says nothing about the other.
 */
export async function discover(
  issuer: string,
  send: Send,
  now: () => number,
): Promise<OAuthEndpoints | Failed> {
  const [address, origin, path = ''] = /^(\w+:\/\/[^/]+)(.*?)\/?$/.exec(issuer) ?? []
  if (!address)
    return {
      failed: 'misconfigured',
      cause: new Error(`${issuer} is not an issuer: it is not an absolute URL.`),
    }
  const urls = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
  ]
  const failures: Failed[] = []
  for (const url of urls) {
    // oxlint-disable-next-line no-await-in-loop -- The second is asked only if the first has no metadata.
    const found = await fetchMetadata(url, issuer, send, now)
    if ('tokenEndpoint' in found) return found
    failures.push(found)
  }
  // Metadata of another issuer shows the app's mistake. Without it, the metadata may be in a place that did not answer.
  return (
    failures.find(({ cause }) => cause instanceof IssuerError) ??
    failures.find(({ failed }) => failed !== 'misconfigured') ??
    failures[0]!
  )
}

class IssuerError extends Error {}

interface Metadata {
  readonly issuer?: unknown
  readonly token_endpoint?: unknown
  readonly revocation_endpoint?: string
}

async function fetchMetadata(
  url: string,
  issuer: string,
  send: Send,
  now: () => number,
): Promise<OAuthEndpoints | Failed> {
  try {
    const response = await send(url, { headers: { accept: 'application/json' } })
    if (!response.ok)
      return { ...failure(response, now()), cause: new Error(`${url} answered ${response.status}.`) }
    const {
      issuer: found,
      token_endpoint: tokenEndpoint,
      revocation_endpoint,
    } = (await response.json()) as Metadata
    // RFC 8414 section 3.3: metadata of another issuer must not be used.
    if (withoutSlash(String(found)) !== withoutSlash(issuer))
      throw new IssuerError(`${url} is of the issuer ${String(found)}, not ${issuer}.`)
    if (typeof tokenEndpoint !== 'string') throw new IssuerError(`${url} names no token endpoint.`)
    return { tokenEndpoint, revocationEndpoint: revocation_endpoint }
  } catch (cause) {
    return { failed: cause instanceof IssuerError ? 'misconfigured' : 'unreachable', cause }
  }
}

/** An origin is the same with and without a slash, a path is not (RFC 3986 section 6.2.3). */
const withoutSlash = (issuer: string): string => issuer.replace(/^(\w+:\/\/[^/]+)\/$/, '$1')
