import { expect, it } from 'vitest'
import type { Session } from '../machine/session.ts'
import { sessionEnd } from './session-end.ts'

const at = 1_700_000_000_000
const session = (limits: Partial<Session>): Session => ({ id: 's', userId: 'u', renewable: true, ...limits })
const end = (limits: Partial<Session>) => sessionEnd({ status: 'expired', session: session(limits) })
const valid = (limits: Partial<Session>) =>
  sessionEnd({ status: 'valid', token: 't', expiresAt: at, session: session(limits) })

it('is the earliest end, which activity moves only before the absolute expiration', () => {
  expect(end({ inactiveAt: at, absoluteExpiresAt: at + 1 })).toEqual({ endsAt: at, canStay: true })
  expect(end({ inactiveAt: at + 1, absoluteExpiresAt: at })).toEqual({ endsAt: at, canStay: false })
  expect(end({ inactiveAt: at, absoluteExpiresAt: at })).toEqual({ endsAt: at, canStay: false })
  expect(end({ inactiveAt: at })).toEqual({ endsAt: at, canStay: true })
  expect(end({ absoluteExpiresAt: at })).toEqual({ endsAt: at, canStay: false })
})

it('is the end of the auth token if the session cannot be refreshed', () => {
  expect(valid({ renewable: false })).toEqual({ endsAt: at, canStay: false })
  expect(valid({ renewable: false, inactiveAt: at - 1 })).toEqual({ endsAt: at - 1, canStay: false })
  expect(end({ renewable: false, absoluteExpiresAt: at })).toBeUndefined()
})

it('is undefined without a limit, before the storage is read, and while nobody is signed in', () => {
  expect(valid({})).toBeUndefined()
  expect(sessionEnd({ status: 'refreshing' })).toBeUndefined()
  expect(sessionEnd({ status: 'signed-out', reason: 'expired' })).toBeUndefined()
})
