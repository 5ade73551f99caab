import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'
import { backoff, sleep } from '../backoff.ts'
import type { ManagementError } from '../management/management-error.ts'
import { AuthError } from '../tokens/auth-error.ts'
import { createRevocationList } from './revocation-list.ts'
import { readRevocationStream, type RevocationStreamOptions } from './revocation-stream.ts'
import type { ServerSentEvent } from './server-sent-events.ts'

/** The options of `Backend.revocations`. */
export interface RevocationsOptions {
  /**
   * What happens while the feed is down. `accept`: valid tokens are accepted until they expire, except those that are
   * known to be revoked. `refuse`: every request is refused with 503.
   */
  readonly whenDown: 'accept' | 'refuse'
  /**
   * How long the feed may be disconnected before it counts as down. Make it longer than a restart of the session server.
   * Seconds; default 5.
   */
  readonly downAfterSeconds?: number
  /** Called in a microtask for each revocation, perhaps twice. Use it, for example, to close the sockets of a session. */
  readonly onRevocation?: (revocation: Revocation) => void
}

/** The state of the revocation feed. It is a new object after each change. */
export interface FeedState {
  /** `connecting`: disconnected, but not yet for long enough to be `down`. */
  readonly status: 'connecting' | 'live' | 'down' | 'closed'
  /** When this status began. Milliseconds since the Unix epoch. */
  readonly since: number
  /** Why the feed is disconnected. */
  readonly cause?: ManagementError | undefined
}

/** The revocation feed of an app, as `Backend.revocations` returns it. */
export interface RevocationFeed {
  /** Returns the state. */
  get(): FeedState
  /** Calls `listener` in a microtask after each change of the status. Returns a function that ends the subscription. */
  subscribe(listener: (state: FeedState) => void): () => void
  /**
   * Resolves once all earlier revocations are known. Wait for it before you accept requests. It stays pending while the
   * session server cannot be reached.
   */
  readonly ready: Promise<void>
  /** The number of ended sessions, plus the number of users with ended sessions, that are in memory. */
  readonly size: number
  /** Disconnects permanently. From then on, revocations are not checked. */
  close(): void
}

export interface FollowOptions extends RevocationsOptions, RevocationStreamOptions {
  readonly clockToleranceSeconds: number
}

export interface RevocationFollower extends RevocationFeed {
  /** @throws AuthError `token_revoked` or `revocations_unavailable` */
  check(claims: AuthTokenClaims): Promise<void>
}

// Pauses between tries to connect. Milliseconds.
const FIRST_PAUSE = 100
/** This is short, because a revocation must be known within a second after the server is back. */
const MAX_PAUSE_IF_UNREACHABLE = 500
/** A server that refuses will probably refuse again. */
const MAX_PAUSE_IF_REFUSED = 10_000

/**
 * How long a revocation is kept: the longest life of an auth token (600 s), as on the server, and a minute for clocks
 * that differ.
 */
const RETENTION_SECONDS = 660

export function followRevocations(options: FollowOptions): RevocationFollower {
  const { whenDown, downAfterSeconds = 5, onRevocation, clockToleranceSeconds, now } = options
  if (whenDown !== 'accept' && whenDown !== 'refuse')
    throw new TypeError(`whenDown is unknown. Pass 'accept' or 'refuse'.`)
  const list = createRevocationList((RETENTION_SECONDS + clockToleranceSeconds) * 1000)
  const listeners = new Set<(state: FeedState) => void>()
  const closing = new AbortController()
  let state: FeedState = { status: 'connecting', since: now() }
  let cursor: string | undefined
  let downTimer: ReturnType<typeof setTimeout> | undefined
  let resolveReady: () => void
  const ready = new Promise<void>((resolve) => (resolveReady = resolve))
  let resolveFirstStatus: () => void
  /** Resolves once the feed has been live, down or closed. */
  const firstStatus = new Promise<void>((resolve) => (resolveFirstStatus = resolve))

  function setStatus(status: FeedState['status'], cause?: ManagementError): void {
    const changed: FeedState = { status, since: now(), cause }
    state = changed
    if (status !== 'connecting') resolveFirstStatus()
    if (status === 'live') resolveReady()
    // Called in a microtask, so that a listener that throws cannot affect the feed.
    for (const listener of listeners) queueMicrotask(() => listener(changed))
  }

  function setDisconnected(cause?: ManagementError): void {
    if (state.status === 'live') setStatus('connecting', cause)
    else state = { ...state, cause }
    downTimer ??= setTimeout(() => setStatus('down', state.cause), downAfterSeconds * 1000)
  }

  function handle({ event, data }: ServerSentEvent): void {
    if (event === 'ready') {
      cursor = (JSON.parse(data) as { cursor: string }).cursor
      clearTimeout(downTimer)
      downTimer = undefined
      setStatus('live')
    } else if (event === 'revocation') {
      const revocation = JSON.parse(data) as Revocation
      cursor = revocation.id
      list.add(revocation, now())
      if (onRevocation) queueMicrotask(() => onRevocation(revocation))
    }
  }

  async function readConnection(): Promise<void> {
    const onActivity = (): void => list.deleteExpired(now())
    for await (const event of readRevocationStream(options, cursor, onActivity, closing.signal)) handle(event)
  }

  async function stayConnected(): Promise<void> {
    setDisconnected()
    let failures = 0
    while (!closing.signal.aborted) {
      try {
        await readConnection()
      } catch (error) {
        if (closing.signal.aborted) return
        if (state.status === 'live') failures = 0
        const cause = error as ManagementError
        setDisconnected(cause)
        // The server does not know the cursor, for example after its database was restored. Read everything again.
        if (cause.status === 400) cursor = undefined
        const maxPause = cause.code === 'unreachable' ? MAX_PAUSE_IF_UNREACHABLE : MAX_PAUSE_IF_REFUSED
        const pause = cause.retryAt ? cause.retryAt - now() : backoff(failures, FIRST_PAUSE, maxPause)
        await sleep(pause, closing.signal)
        failures += 1
      }
    }
  }
  void stayConnected()

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
      clearTimeout(downTimer)
      setStatus('closed')
    },
    async check(claims) {
      if (state.status === 'closed') return
      if (whenDown === 'refuse') {
        await firstStatus
        if (state.status === 'down') throw new AuthError('revocations_unavailable', { cause: state.cause })
      }
      if (list.isRevoked(claims)) throw new AuthError('token_revoked')
    },
  }
}
