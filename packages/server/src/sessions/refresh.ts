import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import { StoreUnavailableError } from '../store/database.ts'
import type { RotatedSession, Session } from '../store/session-row.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import { endReasonOf } from './expiry.ts'
import { judge, type Rotations } from './judge.ts'
import { hashRetryId, rotationsOf } from './rotations.ts'
import { toTokenResponse, type SessionContext } from './token-response.ts'

/** A token can be this many generations ahead of its row, because the database can lose commits. */
const MAX_GENERATIONS_AHEAD = 8
/** If another use of the same token changes the row meanwhile, a refresh is decided again, at most this many times. */
const MAX_ROUNDS = 3
/** A replay counts as activity at most this often, so that not every page costs a write. */
const ACTIVITY_STEP_MS = 10_000

export type Outcome = 'rotated' | 'replayed' | 'late' | 'reused' | 'fast-forwarded' | 'refused'

export interface RefreshInput {
  /** Undefined if the text that was sent is not a token of this server. */
  readonly token: RefreshToken | undefined
  /** The same for every try of one refresh (header `Idempotency-Key`). */
  readonly retryId?: string | undefined
  /** Returns the retry id of the last refresh that the client got a response to (`Tokenkeep-Last-Attempt`). Few refreshes need it. */
  lastRetryId(): string | undefined
  /** If true, the refresh does not count as activity of the user. */
  readonly background: boolean
  /** Whether a cookie held the token. */
  readonly fromCookie: boolean
  /** Whether the app's own server sent it, and has authenticated. */
  readonly isAppServer: boolean
}

export type RefreshResult =
  | {
      readonly outcome: Extract<Outcome, 'rotated' | 'replayed' | 'fast-forwarded'>
      readonly session: RotatedSession
      readonly result: AuthResult
    }
  | { readonly outcome: Extract<Outcome, 'late' | 'reused' | 'refused'>; readonly reason?: EndReason }

/** Refreshes a session: one conditional UPDATE. Only if it changes no row, a second statement finds out why. */
export async function refresh(context: SessionContext, input: RefreshInput): Promise<RefreshResult> {
  const { token } = input
  if (!token) return { outcome: 'refused' }
  const rotated = await rotate(context, token, token.generation, input)
  if (rotated) return { outcome: 'rotated', session: rotated, result: toTokenResponse(context, rotated) }
  // A round without a result means that another use of the same token changed the row. The next round sees that change.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const classified = await classify(context, token, input)
    if (classified) return classified
  }
  throw new StoreUnavailableError('this session changes too often: try again')
}

/** Rotates the session if its row has the generation `from`, and if no rotation that the row remembers named this retry id. */
function rotate(
  { store, app, now, by }: SessionContext,
  token: RefreshToken,
  from: number,
  input: RefreshInput,
): Promise<RotatedSession | undefined> {
  return store.sessions.rotate({
    appId: app.id,
    userId: token.userId,
    sessionId: token.sessionId,
    generation: from,
    nextGeneration: Math.max(token.generation, from) + 1,
    retryIdHash: hashRetryId(input.retryId),
    background: input.background,
    mayRepeat: input.fromCookie,
    actor: by('system'),
    now,
  })
}

/** Decides the outcome for a token that did not rotate its session. Returns undefined if the row has changed meanwhile. */
async function classify(
  context: SessionContext,
  token: RefreshToken,
  input: RefreshInput,
): Promise<RefreshResult | undefined> {
  const { store, app, now, by } = context
  const session = await store.sessions.find(app.id, token.userId, token.sessionId)
  const reason = session ? endReasonOf(session, now) : 'revoked'
  if (!session || reason) return { outcome: 'refused', ...(reason && { reason }) }
  if (!session.refresh_enabled) {
    const event = { type: 'session-ended', actor: by('system'), data: { because: 'refresh-off' } } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'revoked', event, now)
    return { outcome: 'refused', reason: 'revoked' }
  }
  if (token.generation - session.generation > MAX_GENERATIONS_AHEAD)
    return { outcome: 'refused', reason: 'revoked' }

  const rotations = rotationsOf(session, now)
  const { retryId, fromCookie, isAppServer } = input
  const lastRetryId = input.lastRetryId()
  const verdict = judge(rotations, {
    generation: token.generation,
    retryId,
    lastRetryId,
    fromCookie,
    isAppServer,
  })
  if (verdict === 'late') return { outcome: 'late' }
  if (verdict === 'replay') {
    const active = isAppServer && !input.background ? await recordActivity(context, session) : session
    return { outcome: 'replayed', session: active, result: toTokenResponse(context, active) }
  }
  if (verdict === 'reuse') {
    const data = describeReuse(session, rotations, token, retryId, now)
    const event = { type: 'reuse', actor: by('system'), data } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'reused', event, now)
    return { outcome: 'reused', reason: 'reused' }
  }
  const next = await rotate(context, token, session.generation, input)
  if (!next) return undefined
  // If the token is ahead of its row, the database lost commits.
  const outcome = token.generation > session.generation ? 'fast-forwarded' : 'rotated'
  return { outcome, session: next, result: toTokenResponse(context, next) }
}

/**
 * A server whose pages cannot store a refresh replays it for each page: its users are active although nothing rotates.
 * Returns the session with its new deadline.
 */
async function recordActivity({ store, now }: SessionContext, session: Session): Promise<Session> {
  if (now - session.active_at < ACTIVITY_STEP_MS) return session
  await store.sessions.recordActivity(session, now)
  return { ...session, active_at: now }
}

/** Returns what tells a thief from a client that names its retries wrongly, for administrators. It holds no secret. */
const describeReuse = (
  session: Session,
  rotations: Rotations,
  token: RefreshToken,
  retryId: string | undefined,
  now: number,
) => ({
  /** How many generations the token was behind. */
  behind: session.generation - token.generation,
  /** Whether the last rotation named a retry id. */
  rotated_by: rotations.kindOf(session.generation - 1),
  /** The retry id of this refresh: `none`, `known` from an earlier rotation, or `foreign`. */
  brought:
    retryId === undefined ? 'none' : rotations.generationOf(retryId) === undefined ? 'foreign' : 'known',
  /** Milliseconds since the last rotation. */
  age_ms: now - session.rotated_at,
})
