import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenError } from '../errors.ts'
import { initialState, transitionTable, transition, type AuthEvent } from './machine.ts'
import type { Session } from './session.ts'
import type { AuthState, Status } from './state.ts'

const session: Session = { id: 's', userId: 'u', renewable: true }
const grant = { token: 't', expiresAt: 1, session }

const states: Record<Status, AuthState> = {
  valid: { status: 'valid', ...grant },
  refreshing: { status: 'refreshing', session },
  expired: { status: 'expired', session },
  'signed-out': { status: 'signed-out', reason: 'none' },
}
const events: Record<AuthEvent['type'], AuthEvent> = {
  'sign-in': { type: 'sign-in', ...grant },
  adopt: { type: 'adopt', ...grant },
  resume: { type: 'resume', session },
  lapse: { type: 'lapse', session },
  refresh: { type: 'refresh', session },
  fail: { type: 'fail', session, cause: new TokenError('unreachable', { retryAt: 2 }), retryAt: 2 },
  end: { type: 'end', reason: 'signed-out' },
}

describe('every state and event, from the transitionTable', () => {
  for (const status of Object.keys(states) as Status[])
    for (const event of Object.values(events)) {
      const target = (transitionTable[status] as Partial<Record<string, Status>>)[event.type]
      it(`${status} on ${event.type}: ${target ?? 'nothing changes'}`, () => {
        const next = transition(states[status], event)
        if (target) expect(next.status).toBe(target)
        else expect(next).toBe(states[status])
      })
    }
})

describe('what a state holds', () => {
  it('keeps a usable token through a refresh, and drops it when it lapses', () => {
    const refreshing = transition(states.valid, { type: 'refresh', session, token: 't' })
    expect(refreshing).toEqual({ status: 'refreshing', session, token: 't' })
    expect(transition(refreshing, events.lapse)).toEqual({ status: 'refreshing', session })
  })
  it('says why a refresh failed, and when the next may be sent', () => {
    expect(transition(states.refreshing, events.fail)).toMatchObject({
      cause: { code: 'unreachable' },
      retryAt: 2,
    })
  })
})

describe('laws, written by hand', () => {
  const walks = fc.array(fc.constantFrom(...Object.values(events)), { maxLength: 40 })
  const law = (holds: (before: AuthState, event: AuthEvent, after: AuthState) => boolean): void =>
    fc.assert(
      fc.property(walks, (walk) => {
        let state = initialState
        for (const event of walk) {
          const next = transition(state, event)
          if (!holds(state, event, next)) return false
          state = next
        }
        return true
      }),
      { numRuns: 2000 },
    )

  it('signed-out is left only by another session', () => {
    law((before, event, after) =>
      before.status !== 'signed-out' || after === before ? true : ['sign-in', 'resume'].includes(event.type),
    )
  })
  it('only the end of the session enters signed-out', () => {
    law((before, event, after) =>
      before.status === 'signed-out' || after.status !== 'signed-out' ? true : event.type === 'end',
    )
  })
  it('an answer that arrives after its state was left changes nothing', () => {
    law((before, event, after) =>
      event.type === 'fail' && before.status !== 'refreshing' ? after === before : true,
    )
    law((before, event, after) =>
      ['adopt', 'lapse', 'refresh', 'fail'].includes(event.type) && before.status === 'signed-out'
        ? after === before
        : true,
    )
  })
})
