import { hostname } from 'node:os'
import type { Logger } from 'pino'
import { feedWindow } from './feed.ts'
import type { Keys } from './keys.ts'
import { rewrapSigningKeys } from './master-key.ts'
import { newId, showId } from './ids.ts'
import { rotateSigningKeys, signingKeys } from './signing-keys.ts'
import type { SessionKey } from './store/sessions.ts'
import type { Store } from './store/store.ts'

const day = 86_400_000
/** How long the rows of ended sessions stay, so that a late refresh is told why it is refused. ms. */
const retention = 7 * day
/** Rows deleted by one statement: it holds no lock for long. */
const batch = 500
/** Batches in one round. */
const most = 40

export interface HousekeepingOptions {
  readonly store: Store
  readonly keys: Keys
  readonly log: Logger
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
  /** Lets a round that runs end. */
  stop(): Promise<void>
}

/**
 * What has to be done from time to time, by one of all processes, and never while somebody waits: dead sessions and old
 * events go, signing keys are rotated on their day, live sessions are counted.
 */
export function createHousekeeping({
  store,
  keys,
  log,
  interval = 60_000,
  keepEvents = 365 * day,
  now = Date.now,
}: HousekeepingOptions): Housekeeping {
  const holder = `${hostname()} ${process.pid} ${showId(newId())}`
  let swept: SessionKey | undefined
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  /** Repeats as long as whole batches go, and not for ever: the next round goes on. */
  const batches = async (collect: () => Promise<number>): Promise<void> => {
    for (let i = 0; i < most && !signal.aborted; i++) if ((await collect()) < batch) return
  }

  async function sweep(at: number): Promise<void> {
    for (let i = 0; i < most && !signal.aborted; i++) {
      swept = await store.sessions.sweep(swept, at - retention, batch)
      if (!swept) return
    }
  }

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
    for (const { id } of await store.apps.list())
      await store.statistics.sample(id, at, await store.sessions.count(id, at))
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
    },
  }
}
