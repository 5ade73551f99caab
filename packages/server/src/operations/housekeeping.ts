import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { formatId, newId } from '../store/ids.ts'
import type { SessionKey } from '../store/session-row.ts'
import type { Store } from '../store/store.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { rewrapSigningKeys, rewrapWebhooks } from '../tokens/master-key.ts'
import { ensureSigningKeys, rotateSigningKeys } from '../tokens/signing-keys.ts'
import { inSteps, type StepLimits } from './in-steps.ts'

const DAY_MS = 86_400_000
/** The rows of ended sessions stay for seven days, so that a late refresh is told why it is refused. */
const RETENTION_MS = 7 * DAY_MS
/** One round reads at most this many sessions, or this share of all sessions if that is more. So each is read once an hour. */
const SCANNED_ROWS = 200_000
const SCANNED_SHARE = 1 / 60
/** Entries of the revocation feed are kept for this much longer than they are needed, because clocks differ. */
const FEED_MARGIN_MS = 60_000

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
  /** Starts to run a round now and after each interval, and at once if a round could not do all of its work. */
  start(): void
  /** Stops. Resolves when the current round has ended; then another process can take over. */
  stop(): Promise<void>
}

/**
 * Creates the periodic work of a server: it deletes ended sessions and old events, counts live sessions and rotates signing
 * keys on schedule. If several processes share a store, one of them does it. The work runs in short steps, and requests are
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
  /** How many sessions this pass through the table has seen, and how many the last one saw. */
  let scanned = 0
  let sessionsAtLast = 0
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> = Promise.resolve()

  /** Deletes until a step deletes fewer rows than it may. */
  const deleting = (limits: StepLimits, deleteRows: (rows: number) => Promise<number>): Promise<boolean> =>
    inSteps(async (rows) => (await deleteRows(rows)) === rows, limits)

  /** Continues through all sessions, deletes ended ones, and records the number of live ones at the end of the table. */
  async function pruneSessions(at: number, limits: StepLimits): Promise<boolean> {
    const scanUpTo = scanned + Math.max(SCANNED_ROWS, sessionsAtLast * SCANNED_SHARE)
    return inSteps(async (rows) => {
      const pruned = await store.sessions.pruneEnded(prunedUpTo, at - RETENTION_MS, at, rows)
      for (const { app_id, live } of pruned.live) liveByApp.set(app_id, (liveByApp.get(app_id) ?? 0) + live)
      prunedUpTo = pruned.last
      scanned += rows
      if (prunedUpTo) return scanned < scanUpTo
      for (const { id } of await store.apps.list())
        await store.statistics.recordLiveSessions(id, at, liveByApp.get(id) ?? 0)
      liveByApp.clear()
      sessionsAtLast = scanned
      scanned = 0
      return false
    }, limits)
  }

  async function deleteStatistics(until: number, limits: StepLimits): Promise<boolean> {
    let done = true
    for (const { id } of await store.apps.list())
      done = (await deleting(limits, (rows) => store.statistics.deleteBefore(id, until, rows))) && done
    return done
  }

  async function rotateDueKeys(at: number): Promise<void> {
    for (const app of await store.apps.list()) {
      const next = (await ensureSigningKeys(store, keys, app, at)).find(({ state }) => state === 'next')
      if (next && next.activates_at! > at) continue
      await rotateSigningKeys(store, keys, app, { actor: 'system', now: at })
      log.info({ app: app.id }, 'key-rotated')
    }
  }

  /** Each resolves to false if it could not do all of its work in the time that it has. */
  const tasks: Readonly<Record<string, (at: number, limits: StepLimits) => Promise<unknown>>> = {
    'expired sessions': (at, limits) =>
      deleting(limits, (rows) => store.sessions.deleteExpired(at - RETENTION_MS, rows)),
    'ended sessions': pruneSessions,
    events: (at, limits) => deleting(limits, (rows) => store.events.deleteBefore(at - keepEvents, rows)),
    statistics: (at, limits) => deleteStatistics(at - keepEvents, limits),
    revocations: (at, limits) =>
      deleting(limits, (rows) => store.revocations.deleteUnneeded(at - FEED_MARGIN_MS, rows)),
    handshakes: (at, limits) => deleting(limits, (rows) => store.passkeys.deleteExpiredHandshakes(at, rows)),
    'retired keys': (at) => store.keys.deleteRetiredSigningKeys(at),
    deliveries: (_at, limits) => deleting(limits, (rows) => store.webhooks.deleteOrphans(rows)),
    'master key': () => Promise.all([rewrapSigningKeys(store, keys), rewrapWebhooks(store, keys)]),
    'key rotation': rotateDueKeys,
  }

  async function runRound(): Promise<'done' | 'behind' | 'elsewhere'> {
    const at = now()
    if (!(await store.leases.acquire('housekeeping', holder, at, at + 3 * interval))) return 'elsewhere'
    let state: 'done' | 'behind' = 'done'
    for (const [task, run] of Object.entries(tasks)) {
      if (signal.aborted) break
      // A task that has much to do, or that fails, must not keep the others from running.
      const limits = { stepTime: store.stepTime, signal, deadline: performance.now() + interval / 4 }
      const done = await run(at, limits).catch((error: unknown) =>
        log.warn({ err: error, task }, 'housekeeping'),
      )
      if (done === false) state = 'behind'
    }
    return state
  }

  /** Runs rounds: the next one after the interval, or at once if there is work left. */
  async function runRounds(): Promise<void> {
    while (!signal.aborted) {
      const began = performance.now()
      const state = await runRound().catch((error: unknown) => log.warn({ err: error }, 'housekeeping'))
      const rest = state === 'behind' ? 0 : interval - (performance.now() - began)
      await pause(Math.max(0, rest), undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    round: async () => (await runRound()) !== 'elsewhere',
    start() {
      running = runRounds()
    },
    async stop() {
      stopping.abort()
      await running
      // If the database does not answer, another process takes over when the lease expires.
      await store.leases.release('housekeeping', holder).catch(() => undefined)
    },
  }
}
