import type { AuthState } from '@tokenkeep/core'

/**
 * Calls a selector once per state object. React reads a snapshot several times and needs the same value each time, but
 * a selector may build a new object.
 */
export const oncePerState = <T>(selector: (state: AuthState) => T): ((state: AuthState) => T) => {
  let last: { readonly state: AuthState; readonly value: T } | undefined
  return (state) => {
    if (last?.state !== state) last = { state, value: selector(state) }
    return last.value
  }
}
