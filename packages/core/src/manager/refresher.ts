import type { Environment } from '../environment.ts'
import type { TokenErrorCode } from '../errors.ts'
import type { SignedOutReason } from '../machine/session.ts'
import type { SignedInRecord } from '../tabs/record.ts'
import { advance, start, type Outcome, type Step } from '../tabs/refresh.ts'
import type { Transport } from '../transports/transport.ts'
import type { Replica } from './replica.ts'
import { LOCK_TIMEOUT, MAX_TRIES, MIN_LIFETIME, RETRY_TIMEOUT } from './timeouts.ts'

/** How a refresh ended. */
export interface RefreshResult {
  /** Why it brought no token; absent if it brought one, or if the session is over. */
  readonly code?: TokenErrorCode | undefined
  /** No tab sends another request before this time. Milliseconds since the Unix epoch. */
  readonly until?: number
  readonly cause?: unknown
  /** Why the session is over; absent if it is not. */
  readonly reason?: SignedOutReason | undefined
}

export interface Refresher {
  /** True while a refresh waits for the lock, for storage or for the server; false between two tries. */
  readonly isRunning: boolean
  /** `background`: no user asked for the refresh, so it does not count as activity. */
  activity: 'background' | undefined
  /** Starts a refresh, unless one is running. */
  start(): void
  /** Gives up further tries. The try under way still ends, and its answer is written. */
  stop(): void
}

/**
 * Refreshes under the lock that all tabs share, one request at a time. Never rejects.
 * - `onTry`: called after each try; returns whether a token is still wanted
 * - `onEnd`: called after the last try, unless `stop()` came between two tries
 */
export function createRefresher(
  transport: Pick<Transport<never>, 'key' | 'refresh'>,
  replica: Replica,
  env: Environment,
  onTry: () => boolean,
  onEnd: (result: RefreshResult) => void,
): Refresher {
  let isRunning = false
  let cancelRetry = (): void => {}
  /** Why the last request brought no token. */
  let cause: unknown

  async function perform({ change, request }: Step): Promise<Outcome> {
    if (!request) return { record: await replica.commitOrRemember(change!) }
    cause = undefined
    try {
      const { activity } = refresher
      const answer = await transport.refresh({ ...request, activity }, env.fetch, env.now)
      // Otherwise the next call would ask again at once, and so on.
      if (answer.issued && !(answer.issued.token && answer.issued.lifetime >= MIN_LIFETIME))
        throw new TypeError('no token')
      cause = answer.cause
      return { answer }
    } catch (error) {
      // The device is offline, the connection broke, or the answer came too late. None of these ends the session.
      cause = error
      return { answer: { failed: 'unreachable' } }
    }
  }

  /** Takes one refresh through all its steps. */
  async function refresh(): Promise<RefreshResult> {
    // Before the wait for the lock: what another tab refreshes meanwhile needs no other refresh.
    let step = start(replica.current as SignedInRecord)
    try {
      await env.lock(transport.key, LOCK_TIMEOUT, async () => {
        while (step.request ?? step.change) step = advance(step, await perform(step), env.entropy())
        // Adopted under the lock: once the lock is released, another tab may write a newer record.
        replica.adopt(step.record)
      })
    } catch (error) {
      return { code: 'storage', cause: error }
    }
    return { ...step.record?.lastFailure, cause, reason: step.record?.reason }
  }

  async function run(began: number, tries: number): Promise<void> {
    isRunning = true
    const result = await refresh()
    isRunning = false
    const isWanted = onTry()
    const { code, until = 0 } = result
    // If there is no code but a token is wanted, another tab's newer token has expired in the meantime.
    const mayRetry = tries < MAX_TRIES && (!code || (code === 'unreachable' && until < began + RETRY_TIMEOUT))
    if (!isWanted || !mayRetry) return onEnd(isWanted ? { code: 'unreachable', ...result } : result)
    // Two milliseconds late, so that the pause is over.
    cancelRetry = env.after(until - env.now() + 2, () => run(began, tries + 1), true)
  }

  const refresher: Refresher = {
    activity: undefined,
    get isRunning() {
      return isRunning
    },
    start() {
      if (!isRunning) void run(env.now(), 1)
    },
    stop: () => cancelRetry(),
  }
  return refresher
}
