import { hostname } from 'node:os'
import { setImmediate as turnOfOthers } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { feedWindow } from '../sessions/revocation-feed.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { rewrapSigningKeys } from '../tokens/master-key.ts'
import { newId, showId } from '../store/ids.ts'
import { rotateSigningKeys, signingKeys } from '../tokens/signing-keys.ts'
import type { SessionKey } from '../store/sessions.ts'
import type { Store } from '../store/store.ts'

const day = 86_400_000
/** How long the rows of ended sessions stay, so that a late refresh is told why it is refused. ms. */
const retention = 7 * day
/** Rows deleted by one statement: it holds no lock for long, and on SQLite nobody waits for it long. */
const batch = 100
/** Rows looked at by one statement. */
const slice = 1000
/** Batches, and slices, in one round. */
const most = 200

export interface HousekeepingOptions {
  readonly store: Store
  readonly keys: Keys
  readonly log?: Logger
  /** ms between two rounds. Default one minute. */
  readonly interval?: number
  /** How long events and statistics are kept. ms; default 365 days. */
  readonly keepEvents?: number
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export interface Housekeeping {
  /** One round; false where another process does it. */
  round(): Promise<boolean>
  /** Rounds from now on, until it is stopped. */
  start(): void
  /** Lets a round that runs end, and another process take over. */
  stop(): Promise<void>
}

/**
 * What has to be done from time to time, by one of all processes, in pieces between which requests are answered: dead
 * sessions and old events go, live sessions are counted, signing keys are rotated on their day.
 */
export function createHousekeeping({
  store,
  keys,
  log = pino({ level: 'silent' }),
  interval = 60_000,
  keepEvents = 365 * day,
  now = Date.now,
}: HousekeepingOptions): Housekeeping {
  const holder = `${hostname()} ${process.pid} ${showId(newId())}`
  let swept: SessionKey | undefined
  const live = new Map<string, number>()
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  /** Up to so many pieces of work, while there is more: the next round goes on. SQLite works on this thread: requests get their turn after each piece. */
  const pieces = async (piece: () => Promise<boolean>): Promise<void> => {
    for (let i = 0; i < most && !signal.aborted && (await piece()); i++) await turnOfOthers()
  }
  /** Repeats as long as whole batches go. */
  const batches = (collect: () => Promise<number>): Promise<void> =>
    pieces(async () => (await collect()) === batch)

  /** Goes on through all sessions, and samples the live ones when it has seen the last. */
  const sweep = (at: number): Promise<void> =>
    pieces(async () => {
      const found = await store.sessions.sweep(swept, at - retention, at, slice)
      for (const app of found.live) live.set(app.app_id, (live.get(app.app_id) ?? 0) + app.live)
      swept = found.last
      if (swept) return true
      for (const { id } of await store.apps.list()) await store.statistics.sample(id, at, live.get(id) ?? 0)
      live.clear()
      return false
    })

  async function rotateDue(at: number): Promise<void> {
    for (const app of await store.apps.list()) {
      const next = (await signingKeys(store, keys, app, at)).find(({ state }) => state === 'next')
      if (next && next.activates_at! > at) continue
      await rotateSigningKeys(store, keys, app, { actor: 'system', now: at })
      log.info({ app: app.id }, 'key-rotated')
    }
  }

  async function round(): Promise<boolean> {
    const at = now()
    if (!(await store.leases.take('housekeeping', holder, at, at + 3 * interval))) return false
    await batches(() => store.sessions.collect(at - retention, batch))
    await sweep(at)
    await batches(() => store.events.collect(at - keepEvents, batch))
    await store.statistics.collect(at - keepEvents)
    await store.revocations.collect(at - (feedWindow + 60) * 1000)
    await store.passkeys.collectHandshakes(at)
    await store.users.collectPending(at - day)
    await store.keys.collectSigning(at)
    await rewrapSigningKeys(store, keys)
    await rotateDue(at)
    return true
  }

  const safely = (): Promise<unknown> =>
    round().catch((error: unknown) => log.warn({ err: error }, 'housekeeping'))

  return {
    round,
    start() {
      const next = (): void => {
        running = running.then(() => (signal.aborted ? undefined : safely()))
      }
      timer = setInterval(next, interval).unref()
      next()
    },
    async stop() {
      stopping.abort()
      clearInterval(timer)
      await running
      // Where the database is away, the next one waits until the lease is over.
      await store.leases.end('housekeeping', holder).catch(() => undefined)
    },
  }
}
