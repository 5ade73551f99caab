import { hash } from 'node:crypto'
import type { AuthResult, EndReason } from '@tokenkeep/protocol'
import { StoreUnavailableError } from '../store/database.ts'
import {
  EMPTY_SLOT,
  LOST_SLOT,
  RING_SLOTS,
  SLOT_LENGTH,
  type RotatedSession,
  type Session,
} from '../store/session-row.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import { endReasonOf } from './expiry.ts'
import { toTokenResponse, type SessionContext } from './token-response.ts'

/** For this long after a rotation, the predecessor still gets its successor. It counts from the rotation and never slides. */
const GRACE_MS = 10_000
/** A token can be this many generations ahead of its row, because the database can lose commits. */
const MAX_GENERATIONS_AHEAD = 8
/** If another use of the same token changes the row meanwhile, a refresh is decided again, at most this many times. */
const MAX_ROUNDS = 3

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
}

export type RefreshResult =
  | {
      readonly outcome: Extract<Outcome, 'rotated' | 'replayed' | 'fast-forwarded'>
      readonly session: RotatedSession
      readonly result: AuthResult
    }
  | { readonly outcome: Extract<Outcome, 'late' | 'reused' | 'refused'>; readonly reason?: EndReason }

/** The form in which a row stores a retry id. */
const hashRetryId = (retryId: string | undefined): string =>
  retryId ? hash('sha256', retryId).slice(0, SLOT_LENGTH) : EMPTY_SLOT

/** The hash of the retry id that used up a generation. A row remembers the last eight. */
const retryIdHashAt = ({ attempts }: Session, generation: number): string => {
  const start = (generation % RING_SLOTS) * SLOT_LENGTH
  return attempts.slice(start, start + SLOT_LENGTH)
}

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

function rotate(
  { store, app, now }: SessionContext,
  token: RefreshToken,
  from: number,
  input: RefreshInput,
): Promise<RotatedSession | undefined> {
  return store.sessions.rotate({
    appId: app.id,
    userId: token.userId,
    sessionId: token.sessionId,
    generation: from,
    nextGeneration: token.generation + 1,
    retryIdHash: hashRetryId(input.retryId),
    background: input.background,
    now,
  })
}

/** Decides the outcome for a token that did not rotate its session. Returns undefined if the row has changed meanwhile. */
async function classify(
  context: SessionContext,
  token: RefreshToken,
  input: RefreshInput,
): Promise<RefreshResult | undefined> {
  const { store, app, now } = context
  const session = await store.sessions.find(app.id, token.userId, token.sessionId)
  const reason = session ? endReasonOf(session, now) : 'revoked'
  if (!session || reason) return { outcome: 'refused', ...(reason && { reason }) }

  const usedBy = retryIdHashAt(session, token.generation)
  const isOwnRetry =
    usedBy !== EMPTY_SLOT &&
    [hashRetryId(input.retryId), hashRetryId(input.lastRetryId()), LOST_SLOT].includes(usedBy)
  const isPredecessor = token.generation === session.generation - 1
  if (isPredecessor && (isOwnRetry || now < session.rotated_at + GRACE_MS))
    return { outcome: 'replayed', session, result: toTokenResponse(context, session) }

  if (token.generation < session.generation) {
    // A delayed duplicate of the client's own request is not a theft.
    if (isOwnRetry && session.generation - token.generation <= RING_SLOTS) return { outcome: 'late' }
    const event = { type: 'reuse', actor: 'system' } as const
    await store.sessions.end(app.id, token.userId, token.sessionId, 'reused', event, now)
    return { outcome: 'reused', reason: 'reused' }
  }

  // If the token is ahead of its row, the database lost commits. If the generations are equal, another request changed the row.
  if (token.generation - session.generation > MAX_GENERATIONS_AHEAD)
    return { outcome: 'refused', reason: 'revoked' }
  const forwarded = await rotate(context, token, session.generation, input)
  if (!forwarded) return undefined
  const outcome = token.generation === session.generation ? 'rotated' : 'fast-forwarded'
  return { outcome, session: forwarded, result: toTokenResponse(context, forwarded) }
}
