import { initialState, transition, type AuthEvent } from './machine.ts'
import type { AuthState, Status } from './state.ts'

export type Listener = (state: AuthState) => void
export type Stop = () => void

/** What runs while a state lasts. Called when the state is entered; the returned function ends it when the state is left. */
export type Activities = { readonly [S in Status]?: (state: Extract<AuthState, { status: S }>) => Stop }

export interface Interpreter {
  get(): AuthState
  send(event: AuthEvent): void
  subscribe(listener: Listener): () => void
  /** Ends the activity of the current state. */
  stop(): void
}

/**
 * Runs the state machine: it holds the state, and runs that state's activity. A move to the same status also ends the
 * activity and starts it again. `onChange` is called at once, after the new activity has started. Listeners are called
 * in microtasks of their own, in order, so that one that throws or sends an event cannot affect the others.
 */
export function interpret(activities: Activities, onChange: () => void): Interpreter {
  let state = initialState
  let leave: Stop | undefined
  const listeners = new Set<Listener>()
  return {
    get: () => state,
    send(event) {
      const next = transition(state, event)
      if (next === state) return
      leave?.()
      state = next
      // TypeScript cannot relate the activity to the state of the same status.
      leave = activities[next.status]?.(next as never)
      onChange()
      for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(next))
    },
    subscribe(listener) {
      // A wrapper, so that the same function can be subscribed twice.
      const own: Listener = (state) => listener(state)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
    stop: () => leave?.(),
  }
}
