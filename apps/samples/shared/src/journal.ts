import type { AuthState, TokenManager } from '@tokenkeep/core'
import { createStore, type Store } from './store.ts'
import { fingerprintOf } from './token.ts'

type Status = AuthState['status']

export interface Transition {
  readonly id: number
  readonly at: number
  readonly from: Status
  readonly to: Status
  readonly note: string
}

const KEPT = 500

const noteOn = (state: AuthState): string => {
  switch (state.status) {
    case 'valid':
      return `token …${fingerprintOf(state.token)}`
    case 'refreshing':
      return state.token ? 'the old token still works' : 'callers wait'
    case 'expired':
      return state.cause?.code ?? 'ready to renew'
    case 'signed-out':
      return state.reason
  }
}

/** Records the changes of the auth state since the page was opened: the latest 500, the latest first. */
export const createJournal = (auth: TokenManager): Store<readonly Transition[]> => {
  const journal = createStore<readonly Transition[]>([])
  let from = auth.get().status
  let id = 0
  auth.subscribe((state) => {
    const entry = { id: ++id, at: Date.now(), from, to: state.status, note: noteOn(state) }
    from = state.status
    journal.set([entry, ...journal.get()].slice(0, KEPT))
  })
  return journal
}
