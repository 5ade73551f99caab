import type { Environment } from '../environment.ts'
import type { TokenErrorCode } from '../errors.ts'
import type { SignedOutReason } from '../machine/session.ts'
import { applyAnswer, type Answer } from '../tabs/answer.ts'
import { identity } from '../tabs/change.ts'
import type { SessionRecord, SignedInRecord } from '../tabs/record.ts'
import { needsRefresh } from '../tabs/refresh.ts'
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
  /** Starts a refresh, unless one is running. `background`: no user asked for it, so it does not count as activity. */
  start(activity?: 'background'): void
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
  let activity: 'background' | undefined
  let cancelRetry = (): void => {}

  async function ask(request: SignedInRecord): Promise<Answer> {
    try {
      const answer = await transport.refresh({ ...request, activity }, env.fetch, env.now)
      // An answer without a usable token is a failure. Otherwise each call would ask again at once, without end.
      const { issued } = answer
      if (issued && !(issued.token && issued.lifetime >= MIN_LIFETIME)) throw new TypeError('no token')
      return answer
    } catch (cause) {
      // The device is offline, the connection broke, or the answer came too late. None of these ends the session.
      return { failed: 'unreachable', cause }
    }
  }

  /** Reads the record, sends the request if it is still needed, and writes the answer. */
  async function refresh(): Promise<RefreshResult> {
    // Read before the wait for the lock: if another tab refreshes meanwhile, no other refresh is needed.
    const expired = replica.current as SignedInRecord
    let record: SessionRecord | undefined
    let answer: Answer | undefined
    try {
      await env.lock(
        transport.key,
        async () => {
          record = await replica.commitOrRemember(identity)
          if (needsRefresh(record, expired, env.now())) {
            answer = await ask(record)
            record = await replica.commitOrRemember(applyAnswer(record, answer, env.entropy()))
          }
          // Adopted under the lock: once the lock is released, another tab may write a newer record.
          replica.adopt(record)
        },
        LOCK_TIMEOUT,
      )
    } catch (error) {
      return { code: 'storage', cause: error }
    }
    return { ...record?.lastFailure, cause: answer?.cause, reason: record?.reason }
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

  return {
    get isRunning() {
      return isRunning
    },
    start(by) {
      activity = by
      if (!isRunning) void run(env.now(), 1)
    },
    stop: () => cancelRetry(),
  }
}
