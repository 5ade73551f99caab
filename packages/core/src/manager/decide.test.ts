import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TokenError } from '../errors.ts'
import { initialState } from '../machine/machine.ts'
import type { Session, SignedOutReason } from '../machine/session.ts'
import type { AuthState } from '../machine/state.ts'
import { session } from '../../test/records.ts'
import { decide, type Decision } from './decide.ts'

interface TokenRequest {
  readonly userId: string | undefined
  readonly minValid: number
  readonly remaining: number
  readonly hasWaited: boolean
  readonly isPaused: boolean
}

const decisionOn = (
  state: AuthState,
  { userId, minValid, remaining, hasWaited, isPaused }: TokenRequest,
): Decision => decide(state, userId, minValid, remaining, hasWaited, isPaused)

const token = 'a-token'
const cause = new TokenError('unreachable')
const unrenewable: Session = { ...session, renewable: false }

const states = {
  first: initialState,
  valid: { status: 'valid', token, expiresAt: 1, session },
  'valid, not renewable': { status: 'valid', token, expiresAt: 1, session: unrenewable },
  'refreshing with a token': { status: 'refreshing', token, session },
  'refreshing without a token': { status: 'refreshing', session },
  expired: { status: 'expired', session },
  'expired after a failure': { status: 'expired', session, cause },
  'expired, not renewable': { status: 'expired', session: unrenewable },
  'signed out': { status: 'signed-out', reason: 'inactive' },
} as const satisfies Record<string, AuthState>

const minute = 60_000
/** A call that has just begun, for a token that can be used for another minute. */
const plain: TokenRequest = {
  userId: session.userId,
  minValid: 0,
  remaining: minute,
  hasWaited: false,
  isPaused: false,
}
const longer = { ...plain, minValid: 2 * minute }

const requests = {
  plain,
  'has waited': { ...plain, hasWaited: true },
  paused: { ...plain, isPaused: true },
  'exactly long enough': { ...plain, minValid: minute },
  'wants longer': longer,
  'wants longer, has waited': { ...longer, hasWaited: true },
  'wants longer, paused': { ...longer, isPaused: true },
  'of another user': { ...plain, userId: 'u2' },
  'before anyone was signed in': { ...plain, userId: undefined },
} as const satisfies Record<string, TokenRequest>

type Outcome =
  | 'token'
  | 'refresh'
  | 'wait'
  | 'storage'
  | 'unreachable'
  | 'session-changed'
  | 'sign-in-required: inactive'
  | 'sign-in-required: expired'

/** What `decide()` returns or throws, in one word. */
function outcomeOf(state: AuthState, request: TokenRequest): string {
  try {
    const decision = decisionOn(state, request)
    if (!decision) return 'wait'
    return decision === token ? 'token' : (decision as { type: string }).type
  } catch (error) {
    if (!(error instanceof TokenError)) throw error
    return error.reason ? `${error.code}: ${error.reason}` : error.code
  }
}

/** Returns the same outcome for every request, except for those in `but`. */
const always = (
  outcome: Outcome,
  but: Partial<Record<keyof typeof requests, Outcome>> = {},
): Record<keyof typeof requests, Outcome> => ({
  plain: outcome,
  'has waited': outcome,
  paused: outcome,
  'exactly long enough': outcome,
  'wants longer': outcome,
  'wants longer, has waited': outcome,
  'wants longer, paused': outcome,
  'of another user': 'session-changed',
  'before anyone was signed in': outcome,
  ...but,
})

const table: Record<keyof typeof states, Record<keyof typeof requests, Outcome>> = {
  first: always('storage', { 'of another user': 'storage' }),
  valid: always('token', { 'wants longer': 'refresh', 'wants longer, paused': 'refresh' }),
  'valid, not renewable': always('token'),
  'refreshing with a token': always('token', {
    'wants longer': 'wait',
    'wants longer, has waited': 'wait',
    'wants longer, paused': 'wait',
  }),
  'refreshing without a token': always('wait'),
  expired: always('refresh'),
  'expired after a failure': always('refresh', {
    'has waited': 'unreachable',
    paused: 'unreachable',
    'wants longer, has waited': 'unreachable',
    'wants longer, paused': 'unreachable',
  }),
  'expired, not renewable': always('sign-in-required: expired', {
    'of another user': 'sign-in-required: expired',
  }),
  'signed out': always('sign-in-required: inactive', { 'of another user': 'sign-in-required: inactive' }),
}

for (const [name, row] of Object.entries(table))
  describe(`in the state: ${name}`, () => {
    for (const [request, outcome] of Object.entries(row))
      it(`a call (${request}) gets: ${outcome}`, () =>
        expect(
          outcomeOf(states[name as keyof typeof states], requests[request as keyof typeof requests]),
        ).toBe(outcome))
  })

it('a refresh keeps the token that can still be used', () => {
  expect(decisionOn(states.valid, longer)).toEqual({ type: 'refresh', session, token })
  expect(decisionOn(states.expired, plain)).toEqual({ type: 'refresh', session, token: undefined })
})

it('a call after a failed refresh rejects with the error that the state holds', () => {
  expect(() => decisionOn(states['expired after a failure'], requests.paused)).toThrow(cause)
})

it('passes on each reason for being signed out', () => {
  const reasons: SignedOutReason[] = [
    'none',
    'signed-out',
    'revoked',
    'reused',
    'displaced',
    'expired',
    'unreadable',
  ]
  for (const reason of reasons)
    expect(outcomeOf({ status: 'signed-out', reason }, plain)).toBe(`sign-in-required: ${reason}`)
})

describe('for any state and request', () => {
  const anyRequest: fc.Arbitrary<TokenRequest> = fc.record({
    userId: fc.constantFrom(undefined, session.userId, 'u2'),
    minValid: fc.nat(100),
    remaining: fc.nat(100),
    hasWaited: fc.boolean(),
    isPaused: fc.boolean(),
  })
  const law = (holds: (state: AuthState, request: TokenRequest, outcome: string) => boolean): void =>
    fc.assert(
      fc.property(fc.constantFrom<AuthState>(...Object.values(states)), anyRequest, (state, request) =>
        holds(state, request, outcomeOf(state, request)),
      ),
      { numRuns: 5000 },
    )

  it('serves a token that lives too short only if the call has waited or there is no refresh token', () =>
    law(
      ({ session }, { minValid, remaining, hasWaited }, outcome) =>
        outcome !== 'token' || remaining >= minValid || hasWaited || !session?.renewable,
    ))

  it('serves a token only to a call of the user who is signed in', () =>
    law(({ session }, { userId }, outcome) => outcome !== 'token' || !userId || userId === session?.userId))

  it('begins a refresh only if the session is renewable and no refresh runs', () =>
    law(
      ({ status, session }, _, outcome) =>
        outcome !== 'refresh' || (status !== 'refreshing' && session?.renewable === true),
    ))

  it('makes a call wait only while a refresh runs', () =>
    law(({ status }, _, outcome) => outcome !== 'wait' || status === 'refreshing'))

  it('never begins a second refresh for a call whose refresh failed', () =>
    law(({ cause }, { hasWaited }, outcome) => outcome !== 'refresh' || !hasWaited || !cause))
})
