import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'
import { backoff, sleep } from '../backoff.ts'
import { AuthError } from '../tokens/auth-error.ts'
import type { ManagementError } from '../management/management-error.ts'
import { createRevocationList } from './revocation-list.ts'
import { revocationStream, type RevocationStreamOptions } from './revocation-stream.ts'

export interface RevocationsOptions {
  /**
   * While it is not known which sessions have ended: `accept` lets good tokens in until they expire, `refuse` lets
   * nobody in (503).
   */
  readonly whenDown: 'accept' | 'refuse'
  /** How long the feed may be away, as in a restart of the session server, before it counts as down. Default 5. */
  readonly downAfterSeconds?: number
  /** Told of each entry, perhaps twice: to close a revoked session's sockets, say. */
  readonly onRevocation?: (revocation: Revocation) => void
}

export interface FeedState {
  /** `connecting`: away, but not for long enough to be `down`. */
  readonly status: 'connecting' | 'live' | 'down' | 'closed'
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Why it is away. */
  readonly cause?: ManagementError | undefined
}

export interface RevocationFeed {
  get(): FeedState
  /** Calls `listener` after each change; returns the end of the subscription. */
  subscribe(listener: (state: FeedState) => void): () => void
  /** Resolves once what ended before is known: a good moment to start listening for requests. */
  readonly ready: Promise<void>
  /** How many sessions and users are remembered as ended. */
  readonly size: number
  close(): void
}

export interface FollowOptions extends RevocationsOptions, RevocationStreamOptions {
  readonly clockToleranceSeconds: number
}

export interface Following extends RevocationFeed {
  /** What the verifier asks: rejects with an `AuthError` for a token that is over. */
  check(claims: AuthTokenClaims): Promise<void>
}

/** Milliseconds. A server that does not answer is tried again often: a revocation must be known within a second. */
const bounds = { firstPause: 100, longestPause: 500, afterRefusal: 10_000 }

/** How long an entry is kept: as long as the server does (an auth token's longest life), and a minute for wrong clocks. */
const keepSeconds = 660

export function follow(options: FollowOptions): Following {
  const { whenDown, downAfterSeconds = 5, onRevocation, clockToleranceSeconds, now } = options
  if (whenDown !== 'accept' && whenDown !== 'refuse') throw new TypeError('whenDown is accept or refuse')
  const list = createRevocationList((keepSeconds + clockToleranceSeconds) * 1000)
  const listeners = new Set<(state: FeedState) => void>()
  const closing = new AbortController()
  let state: FeedState = { status: 'connecting', since: now() }
  let cursor: string | undefined
  let patience: ReturnType<typeof setTimeout> | undefined
  let resolveReady: () => void
  const ready = new Promise<void>((resolve) => (resolveReady = resolve))
  let resolveFirst: () => void
  const first = new Promise<void>((resolve) => (resolveFirst = resolve))

  function become(status: FeedState['status'], cause?: ManagementError): void {
    state = { status, since: now(), cause }
    if (status !== 'connecting') resolveFirst()
    if (status === 'live') resolveReady()
    const told = state
    for (const listener of listeners) queueMicrotask(() => listener(told))
  }

  /** Away: down after a while. */
  function lose(cause?: ManagementError): void {
    if (state.status === 'live') become('connecting', cause)
    else state = { ...state, cause }
    patience ??= setTimeout(() => become('down', state.cause), downAfterSeconds * 1000)
  }

  function take({ event, data }: { event: string; data: string }): void {
    if (event === 'ready') {
      cursor = (JSON.parse(data) as { cursor: string }).cursor
      clearTimeout(patience)
      patience = undefined
      become('live')
    } else if (event === 'revocation') {
      const revocation = JSON.parse(data) as Revocation
      cursor = revocation.id
      list.add(revocation, now())
      if (onRevocation) queueMicrotask(() => onRevocation(revocation))
    }
  }

  async function run(): Promise<void> {
    lose()
    for (let failures = 0; !closing.signal.aborted; failures++) {
      try {
        for await (const event of revocationStream(
          options,
          cursor,
          () => list.expire(now()),
          closing.signal,
        )) {
          take(event)
          if (state.status === 'live') failures = 0
        }
      } catch (error) {
        if (closing.signal.aborted) return
        const cause = error as ManagementError
        lose(cause)
        // A cursor the server does not know, as after a restore: all there is then, once more.
        if (cause.status === 400) cursor = undefined
        const longest = cause.code === 'unreachable' ? bounds.longestPause : bounds.afterRefusal
        await sleep(
          cause.retryAt ? cause.retryAt - now() : backoff(failures, bounds.firstPause, longest),
          closing.signal,
        )
      }
    }
  }
  void run()

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    ready,
    get size() {
      return list.size
    },
    close() {
      closing.abort()
      clearTimeout(patience)
      become('closed')
    },
    async check(claims) {
      if (state.status === 'closed') return
      if (whenDown === 'refuse') {
        await first
        if (state.status === 'down') throw new AuthError('revocations_unavailable', { cause: state.cause })
      }
      if (list.covers(claims)) throw new AuthError('token_revoked')
    },
  }
}
