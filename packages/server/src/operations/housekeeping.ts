import { pino, type Logger } from 'pino'
import type { SessionKey } from '../store/session-row.ts'
import type { Store } from '../store/store.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { rewrapSigningKeys, rewrapWebhooks } from '../tokens/master-key.ts'
import { ensureSigningKeys, rotateSigningKeys } from '../tokens/signing-keys.ts'
import { inSteps, type StepLimits } from './in-steps.ts'
import { inRounds, type PeriodicWork } from './rounds.ts'

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

/**
 * Creates the periodic work of a server: it deletes ended sessions and old events, counts live sessions and rotates signing
 * keys on schedule. The work runs in short steps, and requests are answered between them.
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
}: HousekeepingOptions): PeriodicWork {
  let prunedUpTo: SessionKey | undefined
  const liveByApp = new Map<string, number>()
  /** How many sessions this pass through the table has seen, and how many the last one saw. */
  let scanned = 0
  let sessionsAtLast = 0

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

  return inRounds(
    { store, log, name: 'housekeeping', interval, lease: 3 * interval, now },
    async ({ signal }) => {
      const at = now()
      let isDone = true
      for (const [task, run] of Object.entries(tasks)) {
        if (signal.aborted) break
        // A task that has much to do, or that fails, must not keep the others from running.
        const limits = { stepTime: store.stepTime, signal, deadline: performance.now() + interval / 4 }
        const done = await run(at, limits).catch((error: unknown) =>
          log.warn({ err: error, task }, 'housekeeping'),
        )
        if (done === false) isDone = false
      }
      return isDone
    },
  )
}
