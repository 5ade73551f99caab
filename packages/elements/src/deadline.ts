export interface Deadline {
  readonly signal: AbortSignal
  /** Removes the time limit. */
  lift(): void
  /** Removes the time limit, and stops listening to `parent`. */
  clear(): void
}

/** Returns a signal that is aborted after `ms` milliseconds, or with `parent`. Safari before 17.4 has no `AbortSignal.any`. */
export function deadline(ms: number, parent?: AbortSignal): Deadline {
  const own = new AbortController()
  const abort = (): void => own.abort(parent?.reason)
  const timer = setTimeout(abort, ms)
  parent?.addEventListener('abort', abort)
  if (parent?.aborted) abort()
  const lift = (): void => clearTimeout(timer)
  return {
    signal: own.signal,
    lift,
    clear() {
      lift()
      parent?.removeEventListener('abort', abort)
    },
  }
}
