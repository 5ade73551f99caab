import { useCallback, useSyncExternalStore } from 'react'

/**
 * The current time in milliseconds, updated at an interval. Undefined on a server and while its HTML is hydrated: the server's
 * clock and time zone are not the browser's.
 */
export const useNow = (everyMs: number): number | undefined => {
  const subscribe = useCallback(
    (listener: () => void) => {
      const timer = setInterval(listener, everyMs)
      return () => clearInterval(timer)
    },
    [everyMs],
  )
  // The same number until the interval is over.
  const now = () => Math.floor(Date.now() / everyMs) * everyMs
  return useSyncExternalStore<number | undefined>(subscribe, now, () => undefined)
}
