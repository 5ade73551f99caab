import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import { StoreUnavailableError } from '../store/database.ts'
import type { RotatedSession, Session } from '../store/session-row.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import { endReasonOf } from './expiry.ts'
import { hasKeyOf, isProven, judgeBound, sessionKeyOf, type ClientProof } from './binding.ts'
import { describeReuse } from './describe-reuse.ts'
import { hashRetryId, rotationsOf } from './rotations.ts'
import { toTokenResponse, type SessionContext } from './token-response.ts'

/** A token can be this many generations ahead of its row, because the database can lose commits. */
const MAX_GENERATIONS_AHEAD = 8
/** If another use of the same token changes the row meanwhile, a refresh is decided again, at most this many times. */
const MAX_ROUNDS = 3
/** A replay counts as activity at most this often, so that not every page costs a write. */
const ACTIVITY_STEP_MS = 10_000

export type Outcome = 'rotated' | 'replayed' | 'late' | 'reused' | 'fast-forwarded' | 'refused' | 'unproven'

export interface RefreshInput extends ClientProof {
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
      /** True if another client has the key of the session too, such as a restored copy of its disk. */
      readonly isForked?: boolean
    }
  | {
      readonly outcome: Extract<Outcome, 'late' | 'reused' | 'refused' | 'unproven'>
      readonly reason?: EndReason
    }

/** Refreshes a session: one conditional UPDATE. Only if it changes no row, a second statement finds out why. */
export async function refresh(context: SessionContext, input: RefreshInput): Promise<RefreshResult> {
  const { token } = input
  if (!token) return { outcome: 'refused' }
  if (!hasKeyOf(token, input.jkt)) return { outcome: 'unproven' }
  if (isProven(context.app, input)) {
    const rotated = await rotate(context, token, token.generation, input)
    if (rotated) return { outcome: 'rotated', session: rotated, result: issue(context, rotated, input) }
  }
  // A round without a result means that another use of the same token changed the row. The next round sees that change.
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const classified = await classify(context, token, input)
    if (classified) return classified
  }
  throw new StoreUnavailableError('this session changes too often: try again')
}

/** The auth token is bound to the key of this request, or else to that of the session. */
const issue = (context: SessionContext, session: RotatedSession, { jkt }: RefreshInput): AuthResult =>
  toTokenResponse(context, session, true, jkt ?? session.jkt)

/** Rotates the session if its row has the generation `from`, and if no rotation that the row remembers named this retry id. */
function rotate(
  { store, app, now, by }: SessionContext,
  token: RefreshToken,
  from: number,
  input: RefreshInput,
  hasKey = token.key !== undefined,
): Promise<RotatedSession | undefined> {
  return store.sessions.rotate({
    appId: app.id,
    userId: token.userId,
    sessionId: token.sessionId,
    generation: from,
    nextGeneration: Math.max(token.generation, from) + 1,
    retryIdHash: hashRetryId(input.retryId),
    background: input.background,
    mayRepeat: input.fromCookie || hasKey,
    jkt: sessionKeyOf(input, token),
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
  const jkt = sessionKeyOf(input, token)
  const presented = { generation: token.generation, retryId, lastRetryId, fromCookie, isAppServer }
  const verdict = judgeBound(rotations, presented, token, session.jkt, jkt, isProven(app, input))
  if (verdict === 'unproven') return { outcome: 'unproven' }
  if (verdict === 'late') return { outcome: 'late' }
  if (verdict === 'replay') {
    const binds = session.jkt === null && jkt !== undefined
    if (binds && !(await store.sessions.bind(session, jkt, now))) return undefined
    const bound = binds ? { ...session, jkt } : session
    const active = isAppServer && !input.background ? await recordActivity(context, bound) : bound
    const isForeign = retryId !== undefined && rotations.generationOf(retryId) === undefined
    const result = issue(context, active, input)
    return { outcome: 'replayed', session: active, result, isForked: session.jkt !== null && isForeign }
  }
  if (verdict === 'reuse') {
    const data = describeReuse(session, rotations, token, retryId, now)
    const event = { type: 'reuse', actor: by('system'), data } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'reused', event, now)
    return { outcome: 'reused', reason: 'reused' }
  }
  const next = await rotate(context, token, session.generation, input, session.jkt !== null || !!token.key)
  if (!next) return undefined
  // If the token is ahead of its row, the database lost commits.
  const outcome = token.generation > session.generation ? 'fast-forwarded' : 'rotated'
  return { outcome, session: next, result: issue(context, next, input) }
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
