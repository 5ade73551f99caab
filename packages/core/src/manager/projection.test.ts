import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { session, signedInRecord, signedOutRecord, tokenResponse } from '../../test/records.ts'
import { TokenError } from '../errors.ts'
import { initialState, transition, type AuthEvent } from '../machine/machine.ts'
import type { AuthState } from '../machine/state.ts'
import { expiresAt } from '../tabs/lifetime.ts'
import { signIn } from '../tabs/sign-in.ts'
import type { SessionRecord, SignedInRecord } from '../tabs/record.ts'
import { eventFor } from './projection.ts'

const first = signedInRecord()
const refreshed = signedInRecord({ ...tokenResponse(1), generation: 1 })
const other = signIn('e3', tokenResponse(0, 's2'), 0)(first)
const gone = signedOutRecord(first)
/** Some servers answer with the same token again, in another session or for a longer time. */
const otherWithThisToken = { ...other, token: first.token }
const extended = { ...refreshed, token: first.token, receivedAt: first.receivedAt + 60_000 }

const valid = (record: SignedInRecord): AuthState => ({
  status: 'valid',
  token: record.token,
  expiresAt: expiresAt(record),
  session: record.session,
})
const refreshing = (token?: string): AuthState => ({ status: 'refreshing', session, token })
const expired: AuthState = { status: 'expired', session }
const signedOut: AuthState = { status: 'signed-out', reason: 'none' }

const bringing = (type: 'sign-in' | 'adopt', record: SignedInRecord): AuthEvent => ({
  type,
  token: record.token,
  expiresAt: expiresAt(record),
  session: record.session,
})

interface Row {
  readonly title: string
  readonly before: SessionRecord | undefined
  readonly record: SessionRecord | undefined
  readonly state: AuthState
  readonly isUsable: boolean
  readonly isRefreshing: boolean
  readonly event: AuthEvent | undefined
}

const row = (
  title: string,
  before: SessionRecord | undefined,
  record: SessionRecord | undefined,
  state: AuthState,
  flags: { isUsable?: boolean; isRefreshing?: boolean },
  event: AuthEvent | undefined,
): Row => ({ title, before, record, state, isUsable: false, isRefreshing: false, ...flags, event })

const usable = { isUsable: true }
const running = { isRefreshing: true }
const both = { isUsable: true, isRefreshing: true }
const lapse: AuthEvent = { type: 'lapse', session }

const noSession: Row[] = [
  row('nothing was ever stored', undefined, undefined, initialState, {}, { type: 'end', reason: 'none' }),
  row('the storage is cleared', first, undefined, valid(first), usable, {
    type: 'end',
    reason: 'unreadable',
  }),
  row('the record is signed out', first, gone, valid(first), {}, { type: 'end', reason: 'signed-out' }),
  row(
    'a signed-out record is read first',
    undefined,
    gone,
    initialState,
    {},
    {
      type: 'end',
      reason: 'signed-out',
    },
  ),
  row('a sign-out during a refresh', first, gone, refreshing(), running, {
    type: 'end',
    reason: 'signed-out',
  }),
]

const anotherSession: Row[] = [
  row('a usable token is read first', undefined, first, initialState, usable, bringing('sign-in', first)),
  row('an expired token is read first', undefined, first, initialState, {}, { type: 'resume', session }),
  row('a sign-in after a sign-out', gone, other, signedOut, usable, bringing('sign-in', other)),
  row(
    'an expired token after a sign-out',
    gone,
    other,
    signedOut,
    {},
    {
      type: 'resume',
      session: other.session,
    },
  ),
  row('another sign-in over a valid token', first, other, valid(first), usable, bringing('sign-in', other)),
  row(
    'another sign-in with an expired token',
    first,
    other,
    valid(first),
    {},
    {
      type: 'resume',
      session: other.session,
    },
  ),
  row(
    'another sign-in with the same token',
    first,
    otherWithThisToken,
    valid(first),
    usable,
    bringing('sign-in', otherWithThisToken),
  ),
  row('another sign-in during a refresh', first, other, refreshing(), both, bringing('sign-in', other)),
]

const usableToken: Row[] = [
  row('valid with this token', first, first, valid(first), usable, undefined),
  row('valid with this token while a refresh ends', first, first, valid(first), both, undefined),
  row('valid with an older token', first, refreshed, valid(first), usable, bringing('adopt', refreshed)),
  row(
    'valid with this token, which now lives longer',
    first,
    extended,
    valid(first),
    usable,
    bringing('adopt', extended),
  ),
  row('expired', first, refreshed, expired, usable, bringing('adopt', refreshed)),
  row('refreshing without a token', first, refreshed, refreshing(), both, bringing('adopt', refreshed)),
  row(
    'refreshing with an older token',
    first,
    refreshed,
    refreshing(first.token),
    both,
    bringing('adopt', refreshed),
  ),
  row('refreshing with this token', first, first, refreshing(first.token), both, undefined),
  row(
    'refreshing with this token, and the refresh has ended',
    first,
    first,
    refreshing(first.token),
    usable,
    bringing('adopt', first),
  ),
]

const unusableToken: Row[] = [
  row('valid', first, first, valid(first), {}, lapse),
  row('refreshing with a token', first, first, refreshing(first.token), running, lapse),
  row('refreshing without a token', first, first, refreshing(), running, undefined),
  row('expired', first, first, expired, {}, undefined),
]

const tables = {
  'the record has no session': noSession,
  'the record has another session than before': anotherSession,
  'the auth token of the same session is usable': usableToken,
  'the auth token of the same session is not usable': unusableToken,
}
for (const [name, rows] of Object.entries(tables))
  describe(name, () => {
    for (const { title, before, record, state, isUsable, isRefreshing, event } of rows)
      it(`${title}: ${event?.type ?? 'no event'}`, () =>
        expect(eventFor(before, record, state, isUsable, isRefreshing)).toEqual(event))
  })

describe('after any walk of records, refreshes and failures', () => {
  type Move =
    | { readonly kind: 'record'; readonly record: SessionRecord | undefined; readonly isUsable: boolean }
    | { readonly kind: 'refresh' | 'fail' | 'read-failed' }
  const moves: fc.Arbitrary<Move> = fc.oneof(
    fc.record({
      kind: fc.constant('record' as const),
      record: fc.constantFrom<SessionRecord | undefined>(undefined, first, refreshed, other, gone),
      isUsable: fc.boolean(),
    }),
    fc.record({ kind: fc.constantFrom('refresh' as const, 'fail' as const, 'read-failed' as const) }),
  )
  /** The event of a move that brings no record. The manager sends it without `eventFor()`. */
  const ownEvent = (kind: 'refresh' | 'fail' | 'read-failed', state: AuthState): AuthEvent | undefined => {
    if (kind === 'read-failed')
      return state === initialState ? { type: 'end', reason: 'unreadable' } : undefined
    if (!state.session) return undefined
    return kind === 'refresh'
      ? { type: 'refresh', session: state.session, token: state.token }
      : { type: 'fail', session: state.session, cause: new TokenError('unreachable') }
  }
  /** Calls `check` after each record of a walk, with the state that its event led to. */
  const walk = (
    check: (
      before: SessionRecord | undefined,
      record: SessionRecord | undefined,
      state: AuthState,
      flags: { isUsable: boolean; isRefreshing: boolean },
    ) => void,
  ): void =>
    fc.assert(
      fc.property(fc.array(moves, { maxLength: 12 }), fc.boolean(), (walked, isRefreshing) => {
        let state = initialState
        let known: SessionRecord | undefined
        for (const move of walked) {
          if (move.kind !== 'record') {
            const event = ownEvent(move.kind, state)
            if (event) state = transition(state, event)
            continue
          }
          const { record, isUsable } = move
          const event = eventFor(known, record, state, isUsable, isRefreshing)
          if (event) state = transition(state, event)
          check(known, record, state, { isUsable, isRefreshing })
          known = record
        }
      }),
      { numRuns: 2000 },
    )

  it('after the event, the same record needs no other event', () => {
    walk((_, record, state, { isUsable, isRefreshing }) => {
      const next = eventFor(record, record, state, isUsable, isRefreshing)
      // A record without a session always returns `end`, which a state without a session ignores.
      if (record?.session) expect(next).toBeUndefined()
      else expect(transition(state, next!)).toBe(state)
    })
  })

  it('the state has a session if the record has one, and the token if it is usable', () => {
    walk((_, record, state, { isUsable }) => {
      expect(state.session).toEqual(record?.session)
      expect(state.token).toBe(record?.session && isUsable ? record.token : undefined)
    })
  })

  it('the state is refreshing with a usable token only while a refresh runs', () => {
    walk((_, record, state, { isUsable, isRefreshing }) => {
      if (record?.session && isUsable && !isRefreshing) expect(state.status).toBe('valid')
    })
  })
})
