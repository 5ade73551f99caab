import { initialState, transition, type AuthEvent } from './machine.ts'
import type { AuthState } from './state.ts'

export type Listener = (state: AuthState) => void

export interface Interpreter {
  get(): AuthState
  send(event: AuthEvent): void
  subscribe(listener: Listener): () => void
}

/**
 * Keeps the state. `enter` starts what runs while it lasts, and ends what ran before. Listeners hear of a change
 * each in a turn of its own, in order: what one throws or sends is no part of what the others hear.
 */
export function interpret(enter: Listener): Interpreter {
  let state = initialState
  const listeners = new Set<Listener>()
  return {
    get: () => state,
    send(event) {
      const next = transition(state, event)
      if (next === state) return
      state = next
      enter(next)
      for (const listener of listeners) queueMicrotask(() => listeners.has(listener) && listener(next))
    },
    subscribe(listener) {
      // Wrapped, so that one function subscribed twice is two subscriptions.
      const own: Listener = (state) => listener(state)
      listeners.add(own)
      return () => void listeners.delete(own)
    },
  }
}
