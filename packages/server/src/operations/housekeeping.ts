import { hostname } from 'node:os'
import { setImmediate } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { FEED_WINDOW_SECONDS } from '../sessions/revocation-feed.ts'
import { formatId, newId } from '../store/ids.ts'
import type { SessionKey } from '../store/session-row.ts'
import type { Store } from '../store/store.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { rewrapSigningKeys } from '../tokens/master-key.ts'
import { ensureSigningKeys, rotateSigningKeys } from '../tokens/signing-keys.ts'

const DAY_MS = 86_400_000
/** The rows of ended sessions stay for seven days, so that a late refresh is told why it is refused. */
const RETENTION_MS = 7 * DAY_MS
/** How many rows one statement deletes. The number is small, so that a statement holds locks, and blocks SQLite, only briefly. */
const BATCH_ROWS = 100
/** How many rows one statement reads. */
const SLICE_ROWS = 1000
/** How many statements of one kind one round runs at most. */
const MAX_STEPS = 200
/** Entries of the revocation feed are kept for this much longer than its window. */
const FEED_MARGIN_SECONDS = 60

/** The options of {@link createHousekeeping}. */
export interface HousekeepingOptions {
  readonly store: Store
  readonly keys: Keys
  readonly log?: Logger
  /** Milliseconds between two rounds. Default: 60,000 (one minute). */
  readonly interval?: number
  /** How long events and statistics are kept, in milliseconds. Default: 365 days. */
  readonly keepEvents?: number
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/** The periodic work of a server. */
export interface Housekeeping {
  /** Runs one round now. Resolves to false if another process does the housekeeping. */
  round(): Promise<boolean>
  /** Starts to run a round now and after each interval. */
  start(): void
  /** Stops. Resolves when the current round has ended; then another process can take over. */
  stop(): Promise<void>
}

/**
 * Creates the periodic work of a server: it deletes ended sessions and old events, counts live sessions and rotates signing
 * keys on schedule. If several processes share a store, one of them does it. The work runs in small steps, and requests are
 * answered between them.
 *
 * @example
 * ```ts
 * import { createHousekeeping, deriveKeys, openStore, readMasterKey } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const keys = deriveKeys(readMasterKey('./data'))
 * const housekeeping = createHousekeeping({ store, keys })
 * housekeeping.start()
 * process.once('SIGTERM', () => void housekeeping.stop())
 * ```
 */
export function createHousekeeping({
  store,
  keys,
  log = pino({ level: 'silent' }),
  interval = 60_000,
  keepEvents = 365 * DAY_MS,
  now = Date.now,
}: HousekeepingOptions): Housekeeping {
  const holder = `${hostname()} ${process.pid} ${formatId(newId())}`
  let prunedUpTo: SessionKey | undefined
  const liveByApp = new Map<string, number>()
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  /** Repeats a step while it returns true, up to the limit of a round. SQLite blocks this thread, so requests run between the steps. */
  const repeat = async (step: () => Promise<boolean>): Promise<void> => {
    for (let i = 0; i < MAX_STEPS && !signal.aborted && (await step()); i++) await setImmediate()
  }
  /** Deletes in batches until a batch is not full. */
  const inBatches = (deleteBatch: () => Promise<number>): Promise<void> =>
    repeat(async () => (await deleteBatch()) === BATCH_ROWS)

  /** Continues through all sessions, deletes ended ones, and records the number of live ones at the end of the table. */
  const pruneSessions = (at: number): Promise<void> =>
    repeat(async () => {
      const pruned = await store.sessions.pruneEnded(prunedUpTo, at - RETENTION_MS, at, SLICE_ROWS)
      for (const { app_id, live } of pruned.live) liveByApp.set(app_id, (liveByApp.get(app_id) ?? 0) + live)
      prunedUpTo = pruned.last
      if (prunedUpTo) return true
      for (const { id } of await store.apps.list())
        await store.statistics.recordLiveSessions(id, at, liveByApp.get(id) ?? 0)
      liveByApp.clear()
      return false
    })

  async function rotateDueKeys(at: number): Promise<void> {
    for (const app of await store.apps.list()) {
      const next = (await ensureSigningKeys(store, keys, app, at)).find(({ state }) => state === 'next')
      if (next && next.activates_at! > at) continue
      await rotateSigningKeys(store, keys, app, { actor: 'system', now: at })
      log.info({ app: app.id }, 'key-rotated')
    }
  }

  const tasks: Readonly<Record<string, (at: number) => Promise<unknown>>> = {
    'expired sessions': (at) => inBatches(() => store.sessions.deleteExpired(at - RETENTION_MS, BATCH_ROWS)),
    'ended sessions': pruneSessions,
    events: (at) => inBatches(() => store.events.deleteBefore(at - keepEvents, BATCH_ROWS)),
    statistics: (at) => store.statistics.deleteBefore(at - keepEvents),
    revocations: (at) =>
      store.revocations.deleteBefore(at - (FEED_WINDOW_SECONDS + FEED_MARGIN_SECONDS) * 1000),
    handshakes: (at) => store.passkeys.deleteExpiredHandshakes(at),
    'retired keys': (at) => store.keys.deleteRetiredSigningKeys(at),
    'master key': () => rewrapSigningKeys(store, keys),
    'key rotation': rotateDueKeys,
  }

  async function round(): Promise<boolean> {
    const at = now()
    if (!(await store.leases.acquire('housekeeping', holder, at, at + 3 * interval))) return false
    for (const [task, run] of Object.entries(tasks)) {
      if (signal.aborted) break
      // A task that fails must not keep the others from running.
      await run(at).catch((error: unknown) => log.warn({ err: error, task }, 'housekeeping'))
    }
    return true
  }

  const roundWithoutThrowing = (): Promise<unknown> =>
    round().catch((error: unknown) => log.warn({ err: error }, 'housekeeping'))

  return {
    round,
    start() {
      const next = (): void => {
        running = running.then(() => (signal.aborted ? undefined : roundWithoutThrowing()))
      }
      timer = setInterval(next, interval).unref()
      next()
    },
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await running
      // If the database does not answer, another process takes over when the lease expires.
      await store.leases.release('housekeeping', holder).catch(() => undefined)
    },
  }
}
