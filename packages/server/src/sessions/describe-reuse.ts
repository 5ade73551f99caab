import type { Session } from '../store/session-row.ts'
import type { RefreshToken } from '../tokens/refresh-token.ts'
import type { Rotations } from './judge.ts'

/** Returns what tells a thief from a client that names its retries wrongly, for administrators. It holds no secret. */
export const describeReuse = (
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
