import { useSyncExternalStore } from 'react'
import { ApiError } from './api-error.ts'

/** Whether it is still the admin. Only the first call of its functions counts. */
interface Question {
  readonly confirm: () => void
  readonly cancel: () => void
}

let question: Question | undefined
const listeners = new Set<() => void>()
function show(next: Question | undefined): void {
  question = next
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * Asks the admin to confirm with a passkey.
 * @throws {ApiError} `insufficient_user_authentication` if the admin cancels.
 */
export const askForPasskey = (): Promise<void> =>
  new Promise((resolve, reject) => {
    const refusal = new ApiError(401, 'insufficient_user_authentication', 'the admin did not confirm')
    const end = (settle: () => void) => () => {
      if (question !== own) return
      show(undefined)
      settle()
    }
    const own = { confirm: end(resolve), cancel: end(() => reject(refusal)) }
    show(own)
  })

/** Whether the admin is being asked now. */
export const isAsking = (): boolean => question !== undefined
/** The question that is open. */
export const useQuestion = (): Question | undefined => useSyncExternalStore(subscribe, () => question)
