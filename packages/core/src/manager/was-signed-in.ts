import { browserEnvironment } from '../environment.ts'
import type { Hint } from '../tabs/hint.ts'
import type { Transport } from '../transports/transport.ts'

/**
 * Tells at once, before the storage has been read, whether somebody was signed in when this device last showed the
 * app. Use it to choose what to show first. It may be wrong until the manager's state says who is signed in, but after a
 * sign-out it is false. It is also false if there is no `localStorage`.
 *
 * @example
 * ```ts
 * import { sessionServer, wasSignedIn } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const first = wasSignedIn(transport) ? 'dashboard' : 'sign-in'
 * ```
 */
export function wasSignedIn({ key }: Pick<Transport<never>, 'key'>, env = browserEnvironment): boolean {
  const { epoch, reason } = (env.lastMessage(key) as Hint | undefined) ?? {}
  return !!epoch && !reason
}
