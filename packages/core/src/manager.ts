import type { Context } from './context.ts'
import { browserEnvironment, type Environment } from './environment.ts'
import { TokenError, type TokenErrorCode } from './errors.ts'
import { indexedDb } from './indexed-db.ts'
import { interpret, type Listener } from './interpreter.ts'
import { createOutbox } from './outbox.ts'
import { parting, signIn, signOut, type Transaction, type Version } from './protocol.ts'
import type { Farewell, SessionRecord, SignedInRecord } from './record.ts'
import { bounds } from './refresh.ts'
import { runRefresh } from './run-refresh.ts'
import type { AuthState, Expired, Session, SignedOutReason, Valid } from './state.ts'
import { impatient, withFallback, type Store } from './store.ts'
import { deadline, type Transport } from './transport.ts'

export interface TokenManagerOptions<Result> {
  readonly transport: Transport<Result>
  /** Default: `indexedDb()` in browsers; where there is none, as on a server that renders, the manager stays inert. */
  readonly storage?: Store
  /**
   * `on-demand` (default): a refresh happens only when somebody asks for a token and it has expired.
   * `aheadSeconds`: also that long before expiry, while the page is visible; the server is told that nobody asked.
   */
  readonly refresh?: 'on-demand' | { readonly aheadSeconds: number }
  readonly environment?: Environment
  /** For logs and developer tools: what happens behind the states. Never carries a token. */
  readonly onEvent?: (event: ManagerEvent) => void
}

export type ManagerEvent =
  /** The browser's storage is denied: the session is this tab's alone, and ends with it. */
  | { readonly type: 'storage-degraded'; readonly cause: unknown }
  /** A refresh has ended: with a new token, with none (`code`), or with the end of the session (`reason`). */
  | { readonly type: 'refreshed' }
  | { readonly type: 'refresh-failed'; readonly code: TokenErrorCode }
  | { readonly type: 'session-ended'; readonly reason: SignedOutReason }

export interface GetAuthTokenOptions {
  /** Ends this caller's wait only. */
  readonly signal?: AbortSignal
  /** Asks for a token that lives at least this many seconds more. Default 0. */
  readonly minValidSeconds?: number
  /**
   * A token that an API has answered with 401: it is not served again, and refreshed once unless there is a newer
   * one already. One that has only just come is served all the same: then the 401 has another cause.
   */
  readonly rejected?: string
}

/** Its functions need no `this`: they may be taken out of it and passed around. */
export interface TokenManager<Result = unknown> {
  /** The state now: the same object until it changes. */
  get(): AuthState
  /** Calls `listener` after each change; returns the end of the subscription. */
  subscribe(listener: Listener): () => void
  /**
   * The auth token, refreshed first where it has expired. Rejects with a `TokenError`; see `TokenErrorCode`.
   */
  getAuthToken(options?: GetAuthTokenOptions): Promise<string>
  /** Starts a session with what a sign-in returned. Rejects with `storage` where it cannot be kept. */
  signIn(result: Result): Promise<void>
  /** Ends the session here and in every tab at once, offline too; the server is told as soon as it can be reached. */
  signOut(): Promise<void>
  session(): Session | undefined
  /** Stops timers and listeners. The session stays. */
  dispose(): void
}

/** How much of its life an auth token is not used for, in ms: it must outlive its way to the API. */
const margin = (lifetime: number): number => Math.min(5000, lifetime / 10)

const expiresAt = ({ receivedAt, lifetime }: SignedInRecord): number =>
  receivedAt + lifetime - margin(lifetime)

/** True for a token that has only just come: a 401 on it says something about the API, not about the token. */
const isFresh = ({ receivedAt, lifetime }: SignedInRecord, now: number): boolean =>
  now - receivedAt < Math.min(5000, lifetime / 2)

const sessionOf = ({
  sessionId,
  userId,
  refreshToken,
  absoluteExpiresAt,
  inactiveAt,
}: SignedInRecord): Session => ({
  id: sessionId,
  userId,
  renewable: !!refreshToken,
  absoluteExpiresAt,
  inactiveAt,
})

/** What tabs tell each other: where to look, or what is over. Never a token. */
type Hint = Partial<Version> & { readonly ended?: string }

/** What any state may hold: one that does not hold it has undefined there. */
type Held = Partial<Omit<Valid, 'status'> & Omit<Expired, 'status'>>

/** Creates a manager. Never throws for what it finds in storage, and never makes a request of its own accord. */
export function createTokenManager<Result>({
  transport,
  storage,
  refresh: mode,
  environment: env = browserEnvironment,
  onEvent,
}: TokenManagerOptions<Result>): TokenManager<Result> {
  /** In a turn of its own: what a listener does or throws is no part of what it hears of. */
  const tell = (event: ManagerEvent): void => queueMicrotask(() => onEvent?.(event))
  const inert = !storage && typeof indexedDB === 'undefined'
  const store = storage ?? withFallback(indexedDb(), (cause) => tell({ type: 'storage-degraded', cause }))
  const { key } = transport
  const ahead = typeof mode === 'object' ? mode.aheadSeconds * 1000 : 0
  const stopping = new AbortController()
  const stopped = stopping.signal
  const context: Context = {
    env,
    store: impatient(store, env, bounds.storage),
    transport,
    stopped,
    send: deadline(env, bounds.request, stopped),
  }

  let seen: SessionRecord | undefined
  /** False where this tab knows more than the storage: a write failed. */
  let durable = true
  /** The epoch that was signed out here, or all there are while none is known: no older record brings it back. */
  let left: string | true | undefined
  /** The token an API refused: as good as expired, whatever the clocks say. */
  let refused: string | undefined
  /** True while the refresh under way is one that nobody asked for. */
  let background = false
  /** The hot path: a settled promise, and the wall-clock span in which it is good. */
  let ready: Promise<string> | undefined
  let readyFrom = 0
  let readyUntil = 0

  /** Milliseconds the record's auth token can still be used; a wall clock set back ends it too. */
  const remaining = (record: SignedInRecord): number =>
    env.now() < record.receivedAt - 1000 || record.authToken === refused ? 0 : expiresAt(record) - env.now()

  const machine = interpret({
    valid() {
      const record = seen as SignedInRecord
      ready = Promise.resolve(record.authToken)
      readyFrom = record.receivedAt - 1000
      readyUntil = expiresAt(record)
      const cancel = watch(record)
      return () => {
        ready = undefined
        cancel()
      }
    },
    refreshing() {
      let current = true
      const record = seen as SignedInRecord
      const cancel = remaining(record) > 0 ? env.after(remaining(record), () => lapse(record)) : undefined
      void renew(() => current)
      return () => {
        current = false
        cancel?.()
      }
    },
  })

  const lapse = (record: SignedInRecord): void => machine.send({ type: 'lapse', session: sessionOf(record) })

  /** The one timer: the monotonic guard beside the wall clock, and the proactive refresh. */
  function watch(record: SignedInRecord): () => void {
    const left = remaining(record)
    const due = env.monotonic() + left
    const early =
      ahead && record.refreshToken ? Math.max(left - ahead, (record.retryAt ?? 0) - env.now()) : left
    const tick = (): void => {
      const rest = due - env.monotonic()
      if (rest <= 0 || remaining(record) <= 0) lapse(record)
      else if (early < left && env.visible()) take(record, true)
      else cancel = env.after(rest, tick)
    }
    let cancel = env.after(Math.max(Math.min(early, left), 0), tick)
    return () => cancel()
  }

  function take(record: SignedInRecord, unasked = false): void {
    background = unasked
    const token = remaining(record) > 0 ? record.authToken : undefined
    machine.send({ type: 'refresh', session: sessionOf(record), token })
  }

  async function renew(current: () => boolean): Promise<void> {
    let cause: TokenError | undefined
    // Again where another tab's newer token has lapsed meanwhile: each round starts from a newer version.
    while (current() && !cause && seen?.status === 'in') {
      try {
        const end = await runRefresh(context, seen, durable, background)
        ;({ cause, durable } = end)
        adopt(end.record)
      } catch (error) {
        cause = new TokenError('storage', { cause: error, retryAt: env.now() + 250 })
      }
    }
    const record = seen as SessionRecord | undefined
    if (cause) tell({ type: 'refresh-failed', code: cause.code })
    else {
      announce()
      tell(
        record?.status === 'in' ? { type: 'refreshed' } : { type: 'session-ended', reason: reasonOf(record) },
      )
    }
    flush()
    if (!current() || record?.status !== 'in') return
    if (remaining(record) > 0) adopt(record)
    else machine.send({ type: 'fail', session: sessionOf(record), cause: cause! })
  }

  const reasonOf = (record: SessionRecord | undefined): SignedOutReason =>
    record?.status === 'out' ? record.reason : seen?.status === 'in' ? 'unreadable' : 'none'

  /** Makes this tab agree with a record. */
  function adopt(record: SessionRecord | undefined): void {
    if (stopped.aborted) return
    if (record?.status !== 'in') {
      const reason = reasonOf(record)
      seen = record
      return machine.send({ type: 'end', reason })
    }
    if (left === true || left === record.epoch) return
    const same = seen?.status === 'in' && seen.epoch === record.epoch
    // A stale read never takes a newer token away.
    if (same && (seen as SignedInRecord).seq > record.seq) return
    seen = record
    const session = sessionOf(record)
    const token = record.authToken
    if (remaining(record) <= 0) {
      if (!same) machine.send({ type: 'resume', session })
      else if (held().token) lapse(record)
    } else if (!same || machine.get().status !== 'valid' || held().token !== token)
      machine.send({ type: same ? 'adopt' : 'sign-in', token, expiresAt: expiresAt(record), session })
  }

  const announce = (): void =>
    channel?.post({ epoch: seen?.epoch, seq: (seen as SignedInRecord | undefined)?.seq })

  async function reread(): Promise<void> {
    try {
      adopt(await store.transact<SessionRecord | undefined>(key, (record) => [record, record]))
    } catch {
      // Nothing known yet and nothing readable: nobody is signed in. A later look may find more.
      if (!seen) machine.send({ type: 'end', reason: 'unreadable' })
    }
  }

  const farewells: Farewell[] = []
  const flush = createOutbox(context, () => [...(seen?.outbox ?? []), ...farewells])
  const look = (): void => void reread().then(flush)
  const channel = inert
    ? undefined
    : env.channel(`tokenkeep:${key}`, (hint) => {
        const { epoch, seq, ended } = hint as Hint
        if (ended && ended === seen?.epoch) leave()
        else if (epoch !== seen?.epoch || seq !== (seen as SignedInRecord | undefined)?.seq) void reread()
      })
  const sleep = inert ? undefined : env.wake(look)
  if (!inert) look()

  /** Resolves at the next change, when the caller gives up, or after a while. */
  const change = (...signals: (AbortSignal | undefined)[]): Promise<void> =>
    new Promise((resolve) => {
      const cancel = env.after(bounds.lock, () => done())
      const done = (): void => {
        cancel()
        unsubscribe()
        for (const signal of signals) signal?.removeEventListener('abort', done)
        resolve()
      }
      const unsubscribe = machine.subscribe(done)
      for (const signal of signals) signal?.addEventListener('abort', done)
    })

  async function obtain({
    signal,
    minValidSeconds = 0,
    rejected,
  }: GetAuthTokenOptions = {}): Promise<string> {
    if (!(minValidSeconds >= 0)) throw new TypeError('minValidSeconds must be a number of seconds')
    const userId = held().session?.userId
    for (let waited = false; ; waited = true) {
      if (stopped.aborted) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (inert) throw new TokenError('storage')
      const record = seen as SignedInRecord
      if (rejected && record?.authToken === rejected && !isFresh(record, env.now())) {
        refused = rejected
        adopt(record)
      }
      const now = machine.get()
      if (now.status === 'signed-out') throw new TokenError('sign-in-required', { reason: now.reason })
      if (now.session) {
        if (userId && now.session.userId !== userId) throw new TokenError('session-changed')
        const left = remaining(record)
        if (left > 0 && (left >= minValidSeconds * 1000 || waited || !record.refreshToken))
          return record.authToken
        if (now.status !== 'refreshing') {
          if (!record.refreshToken) throw new TokenError('sign-in-required', { reason: 'expired' })
          const { cause, retryAt } = held()
          if (cause && (waited || retryAt! > env.now())) throw cause
          take(record)
        }
      } else if (waited) throw new TokenError('storage')
      await change(signal, stopped)
    }
  }

  const held = (): Held => machine.get() as Held

  /** Signed out, as far as this tab is concerned, before anything is written. */
  function leave(): void {
    left = seen?.epoch ?? true
    machine.send({ type: 'end', reason: 'signed-out' })
  }

  /** Writes a sign-in or sign-out and tells everyone. */
  async function write(transaction: Transaction<SessionRecord>): Promise<void> {
    if (stopped.aborted) throw new TokenError('disposed')
    try {
      const record = await context.store.transact(key, transaction)
      if (left === true) left = undefined
      adopt(record)
    } catch (cause) {
      throw new TokenError('storage', { cause })
    } finally {
      announce()
      flush()
    }
  }

  return {
    get: machine.get,
    subscribe: machine.subscribe,
    getAuthToken(options) {
      if (ready && options === undefined) {
        const now = env.now()
        if (now < readyUntil && now >= readyFrom) return ready
      }
      return obtain(options)
    },
    async signIn(result) {
      await write(signIn(env.id(), transport.grant(result, env.now()), env.id(), env.now()))
    },
    async signOut() {
      const leaving = seen
      leave()
      if (leaving) channel?.post({ ended: leaving.epoch } satisfies Hint)
      try {
        await write(signOut(env.id(), 'signed-out'))
      } catch (error) {
        // It will be written when the storage answers; the server can hear of it now.
        farewells.push(...parting(leaving))
        flush()
        throw error
      }
    },
    session: () => held().session,
    dispose() {
      stopping.abort()
      machine.stop()
      channel?.close()
      sleep?.()
    },
  }
}
