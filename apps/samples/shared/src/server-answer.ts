import type { AuthState } from '@tokenkeep/core'
import type { Account } from './account.ts'

/** What the API answered to the server that rendered the page. */
export interface ServerAnswer {
  /** The status, or why no request was sent. */
  readonly answer: string
  /** The time of the answer, such as `09:05:12 UTC`. */
  readonly at: string
  readonly account?: Pick<Account, 'user' | 'name'>
}

/** Says why the page does not show the server's answer. Undefined: it shows the answer. */
export const noteOn = ({ answer, account }: ServerAnswer, state: AuthState): string | undefined => {
  const userId = 'session' in state ? state.session?.userId : undefined
  if (state.status === 'signed-out') return 'Nobody is signed in.'
  const isOld = account ? account.user !== userId : answer === 'sign-in-required'
  return isOld
    ? 'Somebody has signed in since. Reload the page, and the server renders it for them.'
    : undefined
}
