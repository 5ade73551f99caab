import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { session } from '../../test/records.ts'
import { TokenError } from '../errors.ts'
import { initialState, transition, transitionTable, type AuthEvent } from './machine.ts'
import type { AuthState, Status } from './state.ts'

const token = { token: 't', expiresAt: 1, session }

const states: Record<Status, AuthState> = {
  valid: { status: 'valid', ...token },
  refreshing: { status: 'refreshing', session },
  expired: { status: 'expired', session },
  'signed-out': { status: 'signed-out', reason: 'none' },
}
const events: Record<AuthEvent['type'], AuthEvent> = {
  'sign-in': { type: 'sign-in', ...token },
  adopt: { type: 'adopt', ...token },
  resume: { type: 'resume', session },
  lapse: { type: 'lapse', session },
  refresh: { type: 'refresh', session },
  fail: { type: 'fail', session, cause: new TokenError('unreachable', { retryAt: 2 }), retryAt: 2 },
  end: { type: 'end', reason: 'signed-out' },
}

describe('each event in each state leads to the state that the table says', () => {
  for (const status of Object.keys(states) as Status[])
    for (const event of Object.values(events)) {
      const target = (transitionTable[status] as Partial<Record<string, Status>>)[event.type]
      it(`${status} on ${event.type}: ${target ?? 'ignored'}`, () => {
        const next = transition(states[status], event)
        if (target) expect(next.status).toBe(target)
        else expect(next).toBe(states[status])
      })
    }
})

describe('what a state holds', () => {
  it('keeps a usable token during a refresh, and drops it when it expires', () => {
    const refreshing = transition(states.valid, { type: 'refresh', session, token: 't' })
    expect(refreshing).toEqual({ status: 'refreshing', session, token: 't' })
    expect(transition(refreshing, events.lapse)).toEqual({ status: 'refreshing', session })
  })
  it('keeps the cause of a failed refresh, and the time at which the next one may be sent', () => {
    expect(transition(states.refreshing, events.fail)).toMatchObject({
      cause: { code: 'unreachable' },
      retryAt: 2,
    })
  })
})

describe('in any sequence of events', () => {
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

  it('only the events of another session, sign-in and resume, lead out of signed-out', () => {
    law((before, event, after) =>
      before.status !== 'signed-out' || after === before ? true : ['sign-in', 'resume'].includes(event.type),
    )
  })
  it('only the event `end` leads to signed-out', () => {
    law((before, event, after) =>
      before.status === 'signed-out' || after.status !== 'signed-out' ? true : event.type === 'end',
    )
  })
  it('an event that arrives too late changes nothing', () => {
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
