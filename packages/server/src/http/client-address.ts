import { isIP } from 'node:net'

/**
 * The address a request comes from. Each trusted proxy appends the address it was asked from to `X-Forwarded-For`: with
 * two of them the client's is the second from the right, and whatever stands before it anybody may have written.
 */
export function clientAddress(
  request: Request,
  socket: string | undefined,
  trustedProxies: number,
): string | undefined {
  const forwarded = trustedProxies > 0 ? request.headers.get('x-forwarded-for')?.split(',') : undefined
  const named = forwarded?.[Math.max(0, forwarded.length - trustedProxies)]?.trim()
  return named && isIP(named) ? named : socket
}
