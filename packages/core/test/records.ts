import type { Session } from '../src/machine/session.ts'
import { signIn, signOut } from '../src/tabs/sign-in.ts'
import type { SessionRecord, SignedInRecord, SignedOutRecord, TokenResponse } from '../src/tabs/record.ts'

// Records for tests of the pure parts.

export const session: Session = { id: 's1', userId: 'u1', renewable: true }

/** What a server returns for the refresh that leads to `generation`; 0 is the sign-in. */
export const tokenResponse = (generation = 0, sessionId = session.id): TokenResponse => ({
  session: { ...session, id: sessionId },
  token: `${sessionId}-token-${generation}`,
  lifetime: 300_000,
  refreshToken: `${sessionId}:${generation}`,
})

/** A record as a sign-in at the time 0 writes it. */
export const signedInRecord = (fields: Partial<SignedInRecord> = {}): SignedInRecord => ({
  ...signIn('e1', tokenResponse(), 0)(),
  ...fields,
})

/** The record that a sign-out makes of another. */
export const signedOutRecord = (before: SignedInRecord = signedInRecord()): SignedOutRecord =>
  signOut('signed-out')(before) as SignedOutRecord

/** A record as a later version of this library may write it. */
export const laterVersionRecord = JSON.parse('{ "v": 2, "epoch": "x", "unknown": [1] }') as SessionRecord
