import { isIP } from 'node:net'

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
  const client = forwarded?.[Math.max(0, forwarded.length - trustedProxies)]?.trim()
  return client && isIP(client) ? client : socketAddress
}
