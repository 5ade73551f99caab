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
  let before = auth.get()
  let id = 0
  auth.subscribe((state) => {
    const [from, to] = [before.status, state.status]
    const isSame = from === to && noteOn(before) === noteOn(state)
    before = state
    // A server-rendered page begins with the state that its storage then confirms.
    if (isSame) return
    const entry = { id: ++id, at: Date.now(), from, to, note: noteOn(state) }
    journal.set([entry, ...journal.get()].slice(0, KEPT))
  })
  return journal
}

/** Counts the refreshes that this tab has seen. */
export const refreshesIn = (transitions: readonly Transition[]): number =>
  transitions.filter(({ to }) => to === 'refreshing').length
