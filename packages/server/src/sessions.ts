import { createHash } from 'node:crypto'
import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import type { Signer } from './auth-token.ts'
import { HttpError } from './http-error.ts'
import { newId } from './ids.ts'
import type { Keys } from './keys.ts'
import { readRefreshToken, writeRefreshToken, type RefreshToken } from './refresh-token.ts'
import type { App, Session, SessionInContext, Store } from './store.ts'

/** Milliseconds after a rotation in which its parent still gets the child. Anchored at the rotation: it never slides. */
const grace = 10_000
/** How many generations a token may be ahead of its row, where the database lost commits. */
const furthestAhead = 8
/** No limit, in milliseconds: far enough, and exact in SQLite and JavaScript. */
const never = 2 ** 52
const limit = (seconds: number): number => (seconds > 0 ? seconds * 1000 : never)

export type Outcome = 'rotated' | 'replayed' | 'late' | 'reused' | 'fast-forwarded' | 'refused'

export interface RefreshInput {
  readonly token: string
  /** The client's retry id (`Idempotency-Key`): the same for each try of one refresh. */
  readonly attempt?: string | undefined
  /** The attempt the client last committed (`Tokenkeep-Last-Attempt`). */
  readonly lastAttempt?: string | undefined
  readonly background: boolean
}

export interface SessionContext {
  readonly store: Store
  readonly keys: Keys
  readonly app: App
  readonly signer: Signer
  readonly issuer: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type Refreshed =
  | {
      readonly outcome: Extract<Outcome, 'rotated' | 'replayed' | 'fast-forwarded'>
      readonly session: Session
      readonly result: AuthResult
    }
  | {
      readonly outcome: Extract<Outcome, 'late' | 'reused' | 'refused'>
      readonly token?: RefreshToken
      readonly reason?: EndReason
    }

const unused = '0'.repeat(16)
const hash = (attempt: string | undefined): string =>
  attempt ? createHash('sha256').update(attempt).digest('hex').slice(0, 16) : unused

/** The attempt that used up a generation, as far as the row remembers. */
const attemptOf = ({ attempts }: Session, generation: number): string =>
  attempts.slice((generation % 8) * 16, (generation % 8) * 16 + 16)

/** Opens a session for a user whose identity has been proven. */
export function openSession(context: SessionContext, userId: Buffer): AuthResult {
  const { store, app, now } = context
  const session = {
    user_id: userId,
    id: newId(),
    app_id: app.id,
    generation: 0,
    rotated_at: now,
    active_at: now,
    attempts: unused.repeat(8),
    created_at: now,
    absolute_at:
      now + limit(app.refresh_enabled ? app.refresh_absolute_lifetime : app.session_timeout_length),
    inactivity: limit(app.refresh_enabled ? app.refresh_inactivity_lifetime : 0),
  }
  if (!store.openSession(session)) throw new HttpError(403, 'user_not_active', 'this user cannot sign in')
  return result(context, session, app.refresh_enabled)
}

function result(
  { keys, app, signer, issuer, now }: SessionContext,
  session: Pick<
    Session,
    'user_id' | 'id' | 'generation' | 'created_at' | 'absolute_at' | 'inactivity' | 'active_at'
  >,
  renewable = true,
): AuthResult {
  // A limit lowered since the sign-in counts from now on.
  const absoluteAt = renewable
    ? Math.min(session.absolute_at, session.created_at + limit(app.refresh_absolute_lifetime))
    : session.absolute_at
  const { token, expiresIn } = signer.issue(
    app,
    issuer,
    { userId: session.user_id, sessionId: session.id },
    now,
    absoluteAt,
  )
  const inactiveAt = session.active_at + Math.min(session.inactivity, limit(app.refresh_inactivity_lifetime))
  const seconds = (ms: number): number => Math.floor(ms / 1000)
  return {
    auth_token: token,
    auth_token_expires_in: expiresIn,
    redirect_url: app.redirect_url,
    ...(renewable && {
      refresh_token: writeRefreshToken(keys, app.id, {
        userId: session.user_id,
        sessionId: session.id,
        generation: session.generation,
      }),
      refresh_token_expiration: seconds(Math.min(absoluteAt, inactiveAt)),
      ...(absoluteAt < never && { absolute_expiration: seconds(absoluteAt) }),
      ...(inactiveAt < never && { inactivity_expiration: seconds(inactiveAt) }),
    }),
  }
}

/** One refresh: one conditional UPDATE, and only where it changed no row, a look at why. */
export function refresh(context: SessionContext, input: RefreshInput): Refreshed {
  const { keys, app } = context
  const token = readRefreshToken(keys, app.id, input.token)
  if (!token) return { outcome: 'refused' }
  const rotated = rotate(context, token, token.generation, input)
  if (rotated) return { outcome: 'rotated', session: rotated, result: result(context, rotated) }
  return classify(context, token, input)
}

function rotate(
  { store, app, now }: SessionContext,
  token: RefreshToken,
  from: number,
  input: RefreshInput,
): Session | undefined {
  return store.rotate({
    appId: app.id,
    userId: token.userId,
    sessionId: token.sessionId,
    generation: from,
    next: token.generation + 1,
    attempt: hash(input.attempt),
    background: input.background,
    now,
    absolute: limit(app.refresh_absolute_lifetime),
    inactivity: limit(app.refresh_inactivity_lifetime),
  })
}

function classify(context: SessionContext, token: RefreshToken, input: RefreshInput): Refreshed {
  const { store, app, now } = context
  const session = store.session(app.id, token.userId, token.sessionId)
  const reason = session ? over(context, session) : 'revoked'
  if (!session || reason) return { outcome: 'refused', token, ...(reason && { reason }) }

  const used = attemptOf(session, token.generation)
  const ours = used !== unused && (used === hash(input.attempt) || used === hash(input.lastAttempt))
  if (token.generation === session.generation - 1 && (ours || now < session.rotated_at + grace))
    return { outcome: 'replayed', session, result: result(context, session) }

  if (token.generation < session.generation) {
    // A duplicate of our own request, delayed on the way, is no theft.
    if (ours && session.generation - token.generation <= 8) return { outcome: 'late', token }
    store.endSession(app.id, token.userId, token.sessionId, 'reused', now, 'reuse')
    return { outcome: 'reused', token, reason: 'reused' }
  }

  // A signed generation ahead of its row: the database lost commits. Equal: somebody else changed the row meanwhile.
  if (token.generation - session.generation > furthestAhead)
    return { outcome: 'refused', token, reason: 'revoked' }
  const forward = rotate(context, token, session.generation, input)
  if (!forward) return { outcome: 'refused', token, reason: 'revoked' }
  const outcome = token.generation === session.generation ? 'rotated' : 'fast-forwarded'
  return { outcome, session: forward, result: result(context, forward) }
}

/** Why a session can't be refreshed any more; undefined for a live one. */
function over({ app, now }: SessionContext, session: SessionInContext): EndReason | undefined {
  if (session.ended_at !== null) return session.end_reason === 'reused' ? 'reused' : 'revoked'
  if (session.user_epoch !== session.epoch_now || session.status !== 'active') return 'revoked'
  if (now >= Math.min(session.absolute_at, session.created_at + limit(app.refresh_absolute_lifetime)))
    return 'expired'
  if (now >= session.active_at + Math.min(session.inactivity, limit(app.refresh_inactivity_lifetime)))
    return 'inactive'
  return undefined
}

/** Ends the session of a refresh token of any generation. Idempotent, and silent about tokens that are not ours. */
export function signOut(
  { store, keys, app, now }: Omit<SessionContext, 'signer' | 'issuer'>,
  text: string,
): RefreshToken | undefined {
  const token = readRefreshToken(keys, app.id, text)
  if (token) store.endSession(app.id, token.userId, token.sessionId, 'revoked', now, 'sign-out')
  return token
}
