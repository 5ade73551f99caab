import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPrivate } from './private-addresses.ts'

/** How long a receiver may take, from the DNS query to its status, in milliseconds. */
const TIMEOUT_MS = 10_000

export interface SendOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** Whether the receiver may be in a private network. */
  readonly allowPrivate: boolean
  /** Resolves a name. Default: that of the system. */
  readonly resolve?: typeof resolve | undefined
  /** Milliseconds. Default: 10,000. */
  readonly timeout?: number | undefined
}

class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError'
  constructor() {
    super('the address is in a private network, and webhooks to these are not allowed (--private-webhooks)')
  }
}

/** Resolves a name to public addresses only. The connection goes to just these, so a second answer of the DNS changes nothing. */
const publicLookup =
  (using: typeof resolve): LookupFunction =>
  (hostname, options: LookupOptions, callback) =>
    using(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '')
      if (addresses.some(({ address }) => isPrivate(address))) return callback(new PrivateAddressError(), '')
      if (options.all) return callback(null, addresses)
      const [first] = addresses
      return callback(null, first!.address, first!.family)
    })

/**
 * Sends one request, and resolves to the status of its answer. It follows no redirect and reads no body. Rejects if there is
 * no answer within ten seconds, or if the address is private and must not be.
 */
export function send(
  url: string,
  { headers, body, allowPrivate, resolve: using = resolve, timeout = TIMEOUT_MS }: SendOptions,
): Promise<number> {
  const { protocol, hostname } = new URL(url)
  const literal = hostname.replace(/^\[|\]$/g, '')
  return new Promise((done, reject) => {
    if (protocol !== 'https:' && !allowPrivate) throw new Error('the address must begin with https:')
    // No name is resolved for a literal address.
    if (isIP(literal) && !allowPrivate && isPrivate(literal)) throw new PrivateAddressError()
    const signal = AbortSignal.timeout(timeout)
    const request = (protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        // A connection of its own: no earlier one, which may have been checked by other rules.
        agent: false,
        signal,
        ...(allowPrivate ? { lookup: using as LookupFunction } : { lookup: publicLookup(using) }),
      },
      (response) => {
        done(response.statusCode!)
        response.destroy()
      },
    )
    request.on('error', (error) =>
      reject(
        signal.aborted ? new Error(`no answer within ${timeout / 1000} seconds`, { cause: error }) : error,
      ),
    )
    request.end(body)
  })
}
