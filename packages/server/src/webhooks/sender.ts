import { pino, type Logger } from 'pino'
import { inRounds, type PeriodicWork } from '../operations/rounds.ts'
import { formatId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'
import type { Attempt, DueDelivery } from '../store/webhooks.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { toMessage } from './message.ts'
import { send, type SendOptions } from './send.ts'

/** The pauses before the next tries, in seconds: those that Standard Webhooks suggests. After the last one it is given up. */
const RETRY_PAUSES = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
/** How many deliveries are under way at once. */
const BATCH = 20
/** The sender holds its lease for longer than a batch takes. */
const LEASE_MS = 60_000
const MAX_ERROR_LENGTH = 300

/** The options of {@link createWebhookSender}. */
export interface WebhookSenderOptions {
  readonly store: Store
  readonly keys: Keys
  readonly log?: Logger
  /** Whether receivers may be in private networks, and be reached without TLS. Default: false. */
  readonly allowPrivate?: boolean
  /** Milliseconds between two rounds. Default: 1000. */
  readonly interval?: number
  /** Resolves the names of receivers. Default: as the system does. */
  readonly resolve?: SendOptions['resolve']
  /** The clock, in milliseconds since the epoch. Default: `Date.now`. */
  readonly now?: () => number
}

/**
 * Creates the sender of webhooks. Each event is sent at least once.
 *
 * @example
 * ```ts
 * import { createWebhookSender, deriveKeys, openStore, readMasterKey } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const keys = deriveKeys(readMasterKey('./data'))
 * const sender = createWebhookSender({ store, keys })
 * sender.start()
 * process.once('SIGTERM', () => void sender.stop())
 * ```
 */
export function createWebhookSender({
  store,
  keys,
  log = pino({ level: 'silent' }),
  allowPrivate = false,
  interval = 1000,
  resolve,
  now = Date.now,
}: WebhookSenderOptions): PeriodicWork {
  const nextAfter = (attempts: number): number | null => {
    const seconds = RETRY_PAUSES[attempts]
    return seconds === undefined ? null : now() + seconds * 1000
  }

  async function attempt(delivery: DueDelivery): Promise<Attempt> {
    try {
      const message = toMessage(delivery, keys.unwrap(delivery.wrapped), now())
      const status = await send(delivery.url, { ...message, allowPrivate, resolve })
      if (status >= 200 && status < 300) return { status, error: null, nextAt: null }
      const isRedirect = status >= 300 && status < 400
      const error = isRedirect ? 'the answer is a redirect, which is not followed: correct the URL' : null
      return { status, error, nextAt: status === 410 ? null : nextAfter(delivery.attempts) }
    } catch (error) {
      const { message, code } = error as NodeJS.ErrnoException
      const text = (message || code || 'no answer').slice(0, MAX_ERROR_LENGTH)
      return { status: null, error: text, nextAt: nextAfter(delivery.attempts) }
    }
  }

  async function deliver(delivery: DueDelivery): Promise<void> {
    const made = await attempt(delivery)
    await store.webhooks.record(delivery.id, made, now())
    if (made.status === 410) await store.webhooks.deactivate(delivery.webhook_id)
    if (made.error !== null || (made.status ?? 0) >= 400)
      log.warn(
        {
          app: delivery.app_id,
          webhook: formatId(delivery.webhook_id),
          status: made.status,
          error: made.error,
        },
        'webhook',
      )
  }

  return inRounds(
    { store, log, name: 'webhooks', interval, lease: LEASE_MS, now },
    async ({ signal, extend }) => {
      const active = (await store.webhooks.listAll()).filter((webhook) => webhook.active === 1)
      for (const webhook of active) await store.webhooks.collect(webhook, now())
      for (;;) {
        const due = active.length && !signal.aborted ? await store.webhooks.due(now(), BATCH) : []
        await Promise.all(due.map(deliver))
        if (due.length < BATCH || !(await extend())) return true
      }
    },
  )
}
