import type { AuthState } from '@tokenkeep/core'

/** A selector that gives one result per state: it may build an object, and React reads a snapshot repeatedly. */
export const oncePerState = <T>(selector: (state: AuthState) => T): ((state: AuthState) => T) => {
  let last: { readonly state: AuthState; readonly value: T } | undefined
  return (state) => {
    if (last?.state !== state) last = { state, value: selector(state) }
    return last.value
  }
}
