'use client'

import { endsIn, sessionWarning, type Environment, type Readable, type SessionWarning } from '@tokenkeep/core'
import { useMemo, useSyncExternalStore } from 'react'
import { useBinding } from './client.tsx'

/**
 * Returns a warning for the last `seconds` of the session, in every tab, and undefined otherwise. The component renders
 * again only when the warning comes or goes. See `sessionWarning()` of the core. Undefined on a server. Pass
 * `environment` if your manager has one of its own; it must be the same object in each render.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 * @throws TypeError in development, if `seconds` is not more than 0
 *
 * @example
 * ```tsx
 * import { useSessionWarning } from '@tokenkeep/react'
 *
 * export function StillThere() {
 *   const warning = useSessionWarning(60)
 *   if (!warning) return null
 *   if (!warning.canStay) return <p role="alert">Your session is about to end. Save your work.</p>
 *   return (
 *     <p role="alert">
 *       Your session is about to end. <button onClick={warning.staySignedIn}>Stay signed in</button>
 *     </p>
 *   )
 * }
 * ```
 */
export function useSessionWarning(seconds: number, environment?: Environment): SessionWarning | undefined {
  const { manager } = useBinding().actions
  return useReadable(
    useMemo(() => sessionWarning(manager, seconds, environment), [manager, seconds, environment]),
  )
}

/**
 * Returns how many seconds are left of the session, as a whole number. It is 0 once the session is over, and undefined
 * on a server, while nobody is signed in, and if no end is known. The component renders again each second, so keep it
 * small.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 *
 * @example
 * ```tsx
 * import { useEndsIn } from '@tokenkeep/react'
 *
 * export const Countdown = () => <span role="timer">{useEndsIn()} seconds</span>
 * ```
 */
export function useEndsIn(environment?: Environment): number | undefined {
  const { manager } = useBinding().actions
  return useReadable(useMemo(() => endsIn(manager, environment), [manager, environment]))
}

const useReadable = <T>({ get, subscribe }: Readable<T>): T | undefined =>
  useSyncExternalStore<T | undefined>(subscribe, get, onServer)

/** The server's clock differs from the browser's, so the server and the first render show no warning. */
const onServer = (): undefined => undefined
