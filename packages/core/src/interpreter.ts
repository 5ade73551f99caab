import { initialState, transition, type AuthEvent } from './machine.ts'
import type { AuthState, Status } from './state.ts'

/** What runs while a state lasts. Returns its own stop: leaving the state is the reset. */
export type Activity = (state: AuthState) => () => void
export type Listener = (state: AuthState) => void

export interface Interpreter {
  get(): AuthState
  send(event: AuthEvent): void
  subscribe(listener: Listener): () => void
  stop(): void
}

/**
 * Runs one activity per state. Listeners hear of a change after it is committed and after its activity has
 * started; one that throws delays nobody, one that sends from its callback is served after the others.
 */
export function interpret(activities: { [S in Status]?: Activity }): Interpreter {
  let state = initialState
  let leave: (() => void) | undefined
  const listeners = new Set<Listener>()
  const news: AuthState[] = []

  const notify = (): void => {
    if (news.push(state) > 1) return
    for (; news.length; news.shift()) {
      // Who subscribes from a callback hears of later changes only.
      const audience = [...listeners]
      for (const listener of audience) {
        try {
          listener(news[0]!)
        } catch (error) {
          // The listener's own fault is reported where uncaught errors are, and stops nobody else.
          queueMicrotask(() => {
            throw error
          })
        }
      }
    }
  }

  return {
    get: () => state,
    send(event) {
      const next = transition(state, event)
      if (next === state) return
      // A refresh under way runs on when its state is only retold.
      const runsOn = state.status === 'refreshing' && next.status === 'refreshing'
      if (!runsOn) leave?.()
      state = next
      if (!runsOn) leave = activities[next.status]?.(next)
      notify()
    },
    subscribe(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own: Listener = (state) => listener(state)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    stop() {
      leave?.()
      listeners.clear()
    },
  }
}
