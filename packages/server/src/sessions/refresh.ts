import { hash } from 'node:crypto'
import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import type { Signer } from '../tokens/auth-token.ts'
import { endsAt, limit, never, over } from './expiry.ts'
import { HttpError } from '../errors.ts'
import { newId, showId } from '../store/ids.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { readRefreshToken, writeRefreshToken, type RefreshToken } from '../tokens/refresh-token.ts'
import type { App } from '../store/apps.ts'
import { lost, unused, type Rotated, type Session } from '../store/sessions.ts'
import { StoreUnavailable } from '../store/database.ts'
import type { Store } from '../store/store.ts'

/** Milliseconds after a rotation in which its parent still gets the child. Anchored at the rotation: it never slides. */
const grace = 10_000
/** How many generations a token may be ahead of its row, where the database lost commits. */
const furthestAhead = 8

export type Outcome = 'rotated' | 'replayed' | 'late' | 'reused' | 'fast-forwarded' | 'refused'

export interface RefreshInput {
  /** Undefined: what was brought is no token of ours. */
  readonly token: RefreshToken | undefined
  /** The client's retry id (`Idempotency-Key`): the same for each try of one refresh. */
  readonly attempt?: string | undefined
  /** The attempt the client last committed (`Tokenkeep-Last-Attempt`). Few refreshes need it: to read a header is not free. */
  lastAttempt(): string | undefined
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

/** Where a request comes from, as far as it tells. */
export interface Client {
  readonly ip: string | null
  readonly user_agent: string | null
}

export type Refreshed =
  | {
      readonly outcome: Extract<Outcome, 'rotated' | 'replayed' | 'fast-forwarded'>
      readonly session: Rotated
      readonly result: AuthResult
    }
  | { readonly outcome: Extract<Outcome, 'late' | 'reused' | 'refused'>; readonly reason?: EndReason }

/** How a row remembers an attempt. */
const mark = (attempt: string | undefined): string =>
  attempt ? hash('sha256', attempt).slice(0, 16) : unused

/** The attempt that used up a generation, as far as the row remembers. */
const attemptOf = ({ attempts }: Session, generation: number): string =>
  attempts.slice((generation % 8) * 16, (generation % 8) * 16 + 16)

/** Opens a session for a user whose identity has been proven: by themselves, or to the `actor` who says so. */
export async function openSession(
  context: SessionContext,
  userId: Buffer,
  client: Client,
  actor = 'user',
): Promise<AuthResult> {
  const { store, app, now } = context
  const session = {
    user_id: userId,
    id: newId(),
    app_id: app.id,
    rotated_at: now,
    active_at: now,
    attempts: unused.repeat(8),
    created_at: now,
    absolute_at:
      now + limit(app.refresh_enabled ? app.refresh_absolute_lifetime : app.session_timeout_length),
    inactivity: limit(app.refresh_enabled ? app.refresh_inactivity_lifetime : 0),
    ...client,
  }
  const opened = await store.sessions.open(session, actor)
  if (!opened) throw new HttpError(403, 'user_not_active', 'this user cannot sign in')
  return result(context, opened, app.refresh_enabled)
}

function result(
  { keys, app, signer, issuer, now }: SessionContext,
  session: Rotated,
  renewable = true,
): AuthResult {
  const { absolute, inactive } = endsAt(session, app)
  const until = renewable ? absolute : session.absolute_at
  const { token, expiresIn } = signer.issue(app, issuer, session, now, until)
  const { user_id: userId, id: sessionId, generation } = session
  const issued = {
    auth_token: token,
    auth_token_expires_in: expiresIn,
    session_id: showId(sessionId),
    user_id: showId(userId),
    redirect_url: app.redirect_url,
  }
  if (!renewable) return issued
  return {
    ...issued,
    refresh_token: writeRefreshToken(keys, app.id, { userId, sessionId, generation }),
    refresh_token_expiration: Math.floor(Math.min(absolute, inactive) / 1000),
    ...(absolute < never && { absolute_expires_in: (absolute - now) / 1000 }),
    ...(inactive < never && { inactivity_expires_in: (inactive - now) / 1000 }),
  }
}

/** One refresh: one conditional UPDATE, and only where it changed no row, a look at why. */
export async function refresh(context: SessionContext, input: RefreshInput): Promise<Refreshed> {
  const { token } = input
  if (!token) return { outcome: 'refused' }
  const rotated = await rotate(context, token, token.generation, input)
  if (rotated) return { outcome: 'rotated', session: rotated, result: result(context, rotated) }
  // Each round that ends in nothing was overtaken by another use of the same token: the next one sees what it did.
  for (let round = 0; round < 3; round++) {
    const classified = await classify(context, token, input)
    if (classified) return classified
  }
  throw new StoreUnavailable('this session is changed too often')
}

function rotate(
  { store, app, now }: SessionContext,
  token: RefreshToken,
  from: number,
  input: RefreshInput,
): Promise<Rotated | undefined> {
  return store.sessions.rotate({
    appId: app.id,
    userId: token.userId,
    sessionId: token.sessionId,
    generation: from,
    next: token.generation + 1,
    attempt: mark(input.attempt),
    background: input.background,
    now,
  })
}

/** What a token is that did not rotate; undefined where its row has changed meanwhile. */
async function classify(
  context: SessionContext,
  token: RefreshToken,
  input: RefreshInput,
): Promise<Refreshed | undefined> {
  const { store, app, now } = context
  const session = await store.sessions.find(app.id, token.userId, token.sessionId)
  const reason = session ? over(session, now) : 'revoked'
  if (!session || reason) return { outcome: 'refused', ...(reason && { reason }) }

  const used = attemptOf(session, token.generation)
  const ours = used !== unused && [mark(input.attempt), mark(input.lastAttempt()), lost].includes(used)
  if (token.generation === session.generation - 1 && (ours || now < session.rotated_at + grace))
    return { outcome: 'replayed', session, result: result(context, session) }

  if (token.generation < session.generation) {
    // A duplicate of our own request, delayed on the way, is no theft.
    if (ours && session.generation - token.generation <= 8) return { outcome: 'late' }
    const event = { type: 'reuse', actor: 'system' } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'reused', event, now)
    return { outcome: 'reused', reason: 'reused' }
  }

  // A signed generation ahead of its row: the database lost commits. Equal: somebody else changed the row meanwhile.
  if (token.generation - session.generation > furthestAhead) return { outcome: 'refused', reason: 'revoked' }
  const forward = await rotate(context, token, session.generation, input)
  if (!forward) return undefined
  const outcome = token.generation === session.generation ? 'rotated' : 'fast-forwarded'
  return { outcome, session: forward, result: result(context, forward) }
}

/** Ends the session of a refresh token of any generation. Idempotent, and silent about tokens that are not ours. */
export async function signOut(
  { store, keys, app, now }: Omit<SessionContext, 'signer' | 'issuer'>,
  text: string,
): Promise<RefreshToken | undefined> {
  const token = readRefreshToken(keys, app.id, text)
  if (token) {
    const event = { type: 'sign-out', actor: 'user' } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'revoked', event, now)
  }
  return token
}
