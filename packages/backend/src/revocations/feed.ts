import type { AuthTokenClaims, Revocation } from '@tokenkeep/protocol'
import { backoff, MAX_DELAY, sleep } from '../timing.ts'
import { isManagementError, ManagementError } from '../management/management-error.ts'
import { AuthError } from '../tokens/auth-error.ts'
import { createRevocationList, type RevocationList } from './revocation-list.ts'
import { readRevocationStream, SILENCE_TIMEOUT, type RevocationStreamOptions } from './revocation-stream.ts'
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
   * Seconds, up to 2,147,483; default 5.
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
   * Resolves once all earlier revocations are known, or once the feed is down: then `whenDown` decides about requests.
   * Wait for it before you accept requests.
   *
   * @throws ManagementError if the session server refuses the API key or does not know the app (401, 403, 404)
   * @throws TypeError if `close` is called first
   */
  readonly ready: Promise<void>
  /** The number of ended sessions, plus the number of users with ended sessions, that are in memory. */
  readonly size: number
  /**
   * Disconnects permanently. The revocations that are known stay refused, so requests may still finish. Later ones do not
   * become known.
   */
  close(): void
}

export interface FollowOptions extends RevocationsOptions, RevocationStreamOptions {
  /** Returns milliseconds on a clock that only runs forward. */
  readonly elapsed: () => number
  readonly clockToleranceSeconds: number
}

export interface RevocationFollower extends RevocationFeed {
  /** @throws AuthError `token_revoked` or `revocations_unavailable` */
  check(claims: AuthTokenClaims): Promise<void>
  /** The signing keys that were dropped, because they may be stolen. */
  readonly droppedKeys: Pick<RevocationList, 'isDropped' | 'droppedAt'>
}

// Pauses between tries to connect. Milliseconds.
const FIRST_PAUSE = 100
/** This is short, because a revocation must be known within a second after the server is back. */
const MAX_PAUSE_IF_UNREACHABLE = 500
/**
 * A server that refuses will probably refuse again. A `Retry-After` cannot make the pause longer, because during a pause
 * no revocation arrives.
 */
const MAX_PAUSE_IF_REFUSED = 10_000
/** After these, waiting does not help: the API key or the app id is wrong. */
const REFUSALS: readonly (number | undefined)[] = [401, 403, 404]
/** How often a request that waits for the first status looks at it. Milliseconds. */
const POLL_INTERVAL = 20

/**
 * How long a revocation is kept at least: the longest life of an auth token (600 s), as on the server, and a minute for clocks
 * that differ.
 */
const RETENTION_SECONDS = 660

export function followRevocations(options: FollowOptions): RevocationFollower {
  const { whenDown, downAfterSeconds = 5, onRevocation, clockToleranceSeconds, now, elapsed } = options
  const downAfter = downAfterSeconds * 1000
  if (whenDown !== 'accept' && whenDown !== 'refuse')
    throw new TypeError(`whenDown is unknown. Pass 'accept' or 'refuse'.`)
  if (!(downAfter >= 0 && downAfter <= MAX_DELAY))
    throw new TypeError('downAfterSeconds is not usable. Pass a number from 0 to 2147483.')
  const list = createRevocationList((RETENTION_SECONDS + clockToleranceSeconds) * 1000)
  const listeners = new Set<(state: FeedState) => void>()
  const closing = new AbortController()
  let state: FeedState = { status: 'connecting', since: now() }
  let cursor: string | undefined
  let downTimer: ReturnType<typeof setTimeout> | undefined
  /** True until the feed has been live, down or closed. */
  let isStarting = true
  /** When the last byte arrived. By `elapsed`. */
  let heardAt = elapsed()
  let resolveReady: () => void
  let rejectReady: (reason: unknown) => void
  const ready = new Promise<void>((resolve, reject) => {
    resolveReady = resolve
    rejectReady = reject
  })
  // Nobody has to wait for it.
  ready.catch(() => {})

  function setStatus(status: FeedState['status'], cause?: ManagementError): void {
    const changed: FeedState = { status, since: now(), cause }
    state = changed
    isStarting = false
    if (status === 'live' || status === 'down') resolveReady()
    // Called in a microtask, so that a listener that throws cannot affect the feed.
    for (const listener of listeners) queueMicrotask(() => listener(changed))
  }

  function setDisconnected(cause?: ManagementError): void {
    if (state.status === 'live') setStatus('connecting', cause)
    else state = { ...state, cause }
    if (downTimer === undefined) startDownTimer()
  }

  function startDownTimer(): void {
    clearTimeout(downTimer)
    downTimer = setTimeout(() => setStatus('down', state.cause), downAfter)
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
      list.add(revocation, elapsed())
      if (onRevocation) queueMicrotask(() => onRevocation(revocation))
    }
  }

  async function readConnection(): Promise<void> {
    const onActivity = (): void => {
      heardAt = elapsed()
      list.deleteExpired(heardAt)
      // A feed that still receives earlier revocations is not down.
      if (state.status === 'connecting') startDownTimer()
    }
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
        const cause = isManagementError(error) ? error : unreadable(error)
        setDisconnected(cause)
        if (REFUSALS.includes(cause.status)) rejectReady(cause)
        // The server does not know the cursor, for example after its database was restored. Read everything again.
        if (cause.status === 400) cursor = undefined
        const maxPause = cause.code === 'unreachable' ? MAX_PAUSE_IF_UNREACHABLE : MAX_PAUSE_IF_REFUSED
        const asked = (cause.retryAt ?? 0) - now()
        const pause = Math.max(asked, backoff(failures, FIRST_PAUSE, maxPause))
        await sleep(Math.min(pause, maxPause), closing.signal)
        failures += 1
      }
    }
  }
  void stayConnected()

  /** False if the feed is down. Timers do not run in a frozen process, so the time of the last byte counts too. */
  const isUp = (): boolean =>
    !isStarting &&
    state.status !== 'down' &&
    (state.status === 'closed' || elapsed() - heardAt < SILENCE_TIMEOUT + downAfter)

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
      rejectReady(new TypeError('The feed was closed before it was live.'))
      setStatus('closed')
    },
    droppedKeys: list,
    async check(claims) {
      if (whenDown === 'refuse') {
        // oxlint-disable-next-line no-await-in-loop, no-unmodified-loop-condition -- The connection changes it.
        while (isStarting && elapsed() - heardAt < downAfter) await sleep(POLL_INTERVAL)
        if (!isUp()) throw new AuthError('revocations_unavailable', { cause: state.cause })
      }
      if (list.isRevoked(claims)) throw new AuthError('token_revoked')
    },
  }
}

const unreadable = (cause: unknown): ManagementError =>
  new ManagementError(
    'unexpected_answer',
    'The revocation feed sent something that is not an event: check url.',
    {
      cause,
    },
  )
