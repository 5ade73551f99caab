import { isIP } from 'node:net'
import type { Logger } from 'pino'

/** Removes what some proxies write around an address: a port, the brackets of IPv6, the prefix of an IPv4 address in IPv6. */
function bareAddress(text: string): string {
  const trimmed = text.trim()
  const bare = /^\[(.+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  return bare.replace(/^::ffff:(?=[\d.]+$)/i, '')
}

/**
 * The address of the client. Each trusted proxy appends the address that it was called from to `X-Forwarded-For`: with two
 * proxies, the client's address is the second from the right. A client can forge everything to the left of it.
 */
export function clientAddress(
  request: Request,
  socketAddress: string | undefined,
  trustedProxies: number,
): string | undefined {
  const forwarded = trustedProxies > 0 ? request.headers.get('x-forwarded-for')?.split(',') : undefined
  const client = bareAddress(forwarded?.[Math.max(0, forwarded.length - trustedProxies)] ?? '')
  return isIP(client) ? client : socketAddress
}

/** Reads the address of each request. Warns once if there seems to be a proxy that the settings do not count. */
export function createAddressReader(
  trustedProxies: number,
  log: Logger,
): (request: Request, socketAddress: string | undefined) => string | undefined {
  let warned = trustedProxies > 0
  return (request, socketAddress) => {
    if (!warned && request.headers.has('x-forwarded-for')) {
      warned = true
      log.warn(
        'X-Forwarded-For is ignored, so all clients of a proxy share its address and its limits: set --trusted-proxies',
      )
    }
    return clientAddress(request, socketAddress, trustedProxies)
  }
}
