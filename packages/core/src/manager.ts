import { browserEnvironment, type Environment } from './environment.ts'
import { TokenError } from './errors.ts'
import { indexedDb } from './indexed-db.ts'
import { interpret, type Listener } from './interpreter.ts'
import { createOutbox } from './outbox.ts'
import { signIn, signOut } from './protocol.ts'
import type { SessionRecord, SignedInRecord } from './record.ts'
import { bounds } from './refresh.ts'
import { runRefresh } from './run-refresh.ts'
import type { AuthState, Session } from './state.ts'
import type { Store } from './store.ts'
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
}

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

const sessionOf = (record: SignedInRecord): Session => ({
  id: record.sessionId,
  userId: record.userId,
  renewable: record.refreshToken !== undefined,
  ...(record.absoluteExpiresAt !== undefined && { absoluteExpiresAt: record.absoluteExpiresAt }),
  ...(record.inactiveAt !== undefined && { inactiveAt: record.inactiveAt }),
})

/** True for a token that has only just come: a 401 on it says something about the API, not about the token. */
const isFresh = ({ receivedAt, lifetime }: SignedInRecord, now: number): boolean =>
  now - receivedAt < Math.min(5000, lifetime / 2)

/** Creates a manager. Never throws for what it finds in storage, and never makes a request of its own accord. */
export function createTokenManager<Result>({
  transport,
  storage,
  refresh: mode = 'on-demand',
  environment: env = browserEnvironment,
}: TokenManagerOptions<Result>): TokenManager<Result> {
  const store = storage ?? (typeof indexedDB === 'undefined' ? undefined : indexedDb())
  const { key } = transport
  const name = `tokenkeep:${key}`
  const ahead = mode === 'on-demand' ? undefined : mode.aheadSeconds * 1000

  let seen: SessionRecord | undefined
  /** True while a sign-out is being written: no older record may bring the session back meanwhile. */
  let leaving = false
  let disposed = false
  /** The hot path: a settled promise, and the wall-clock span in which it is good. */
  let ready: Promise<string> | undefined
  let readyFrom = 0
  let readyUntil = 0
  /** The token an API refused: as good as expired, whatever the clocks say. */
  let refused: string | undefined

  const expiresAt = ({ receivedAt, lifetime }: SignedInRecord): number =>
    receivedAt + lifetime - margin(lifetime)
  /** Milliseconds the record's auth token can still be used; a wall clock set back ends it too. */
  const remaining = (record: SignedInRecord, now = env.now()): number =>
    now < record.receivedAt - 1000 || record.authToken === refused ? 0 : expiresAt(record) - now

  const machine = interpret({
    valid() {
      const record = seen as SignedInRecord
      ready = Promise.resolve(record.authToken)
      readyFrom = record.receivedAt - 1000
      readyUntil = expiresAt(record)
      const cancel = wait(record)
      return () => {
        ready = undefined
        cancel()
      }
    },
    refreshing() {
      let current = true
      const record = seen as SignedInRecord
      const left = remaining(record)
      const cancel =
        left > 0
          ? env.after(left, () => machine.send({ type: 'lapse', session: sessionOf(record) }))
          : undefined
      void renew(() => current)
      return () => {
        current = false
        cancel?.()
      }
    },
  })

  /** The one timer: the monotonic guard beside the wall clock, and the proactive refresh. */
  function wait(record: SignedInRecord): () => void {
    const left = remaining(record)
    const due = env.monotonic() + left
    const early =
      ahead !== undefined && record.refreshToken
        ? Math.max(left - ahead, (record.retryAt ?? 0) - env.now())
        : left
    let cancel = env.after(Math.max(Math.min(early, left), 0), function tick() {
      const rest = due - env.monotonic()
      if (rest <= 0 || remaining(record) <= 0)
        return machine.send({ type: 'lapse', session: sessionOf(record) })
      if (early < left && env.visible()) return take(record, true)
      cancel = env.after(rest, tick)
    })
    return () => cancel()
  }

  let background = false
  function take(record: SignedInRecord, unasked = false): void {
    background = unasked
    machine.send({
      type: 'refresh',
      session: sessionOf(record),
      ...(remaining(record) > 0 && { token: record.authToken }),
    })
  }

  async function renew(current: () => boolean): Promise<void> {
    let cause: TokenError | undefined
    // Again where another tab's newer token has lapsed meanwhile: each round starts from a newer version.
    while (current() && seen?.status === 'in') {
      const from = seen
      try {
        const end = await runRefresh({ env, store: store!, transport, name, seen: from, background, stopped })
        cause = end.cause
        if (disposed) return
        adopt(end.record)
      } catch (error) {
        cause = new TokenError('storage', { cause: error, retryAt: env.now() + bounds.poll })
      }
      if (cause || seen === from) break
      announce()
    }
    outbox.flush()
    if (!current() || seen?.status !== 'in') return
    if (remaining(seen) > 0) return adopt(seen)
    cause ??= new TokenError('unreachable', { retryAt: env.now() + bounds.poll })
    machine.send({
      type: 'fail',
      session: sessionOf(seen),
      cause,
      ...(cause.retryAt !== undefined && { retryAt: cause.retryAt }),
    })
  }

  /** Makes this tab agree with a record. */
  function adopt(record: SessionRecord | undefined): void {
    if (disposed) return
    if (record?.status !== 'in') {
      const reason = record?.reason ?? (seen?.status === 'in' ? 'unreadable' : 'none')
      seen = record
      return machine.send({ type: 'end', reason })
    }
    if (leaving) return
    const same = seen?.status === 'in' && seen.epoch === record.epoch
    // A stale read never takes a newer token away.
    if (same && (seen as SignedInRecord).seq > record.seq) return
    seen = record
    const session = sessionOf(record)
    if (remaining(record) > 0) {
      const state = machine.get()
      if (same && state.status === 'valid' && state.token === record.authToken) return
      return machine.send({
        type: same ? 'adopt' : 'sign-in',
        token: record.authToken,
        expiresAt: expiresAt(record),
        session,
      })
    }
    if (!same) machine.send({ type: 'resume', session })
    else if ('token' in machine.get()) machine.send({ type: 'lapse', session })
  }

  const announce = (): void => {
    if (seen)
      channel?.post(seen.status === 'in' ? { epoch: seen.epoch, seq: seen.seq } : { epoch: seen.epoch })
  }
  const reread = async (): Promise<void> => {
    try {
      adopt(await store!.transact<SessionRecord | undefined>(key, (record) => [record, record]))
    } catch {
      // Nothing known yet and nothing readable: nobody is signed in. A later look may find more.
      if (!seen) machine.send({ type: 'end', reason: 'unreadable' })
    }
  }

  const stopped = new AbortController()
  const send = deadline(env, bounds.request, stopped.signal)
  const outbox = createOutbox({
    env,
    key,
    store,
    pending: () => seen?.outbox ?? [],
    revoke: (entry) => transport.revoke(entry, send),
    stopped: stopped.signal,
  })
  const channel =
    store &&
    env.channel(name, (hint) => {
      const { epoch, seq } = hint as { epoch?: string; seq?: number }
      if (epoch !== seen?.epoch || (seen?.status === 'in' && seq !== seen.seq)) void reread()
    })
  const look = (): void => void reread().then(outbox.flush)
  const sleep = store && env.wake(look)
  if (store) look()

  /** Resolves at the next change, or when the caller gives up. */
  const change = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        unsubscribe()
        signal?.removeEventListener('abort', done)
        stopped.signal.removeEventListener('abort', done)
        resolve()
      }
      const unsubscribe = machine.subscribe(done)
      signal?.addEventListener('abort', done)
      stopped.signal.addEventListener('abort', done)
    })

  async function obtain({
    signal,
    minValidSeconds = 0,
    rejected,
  }: GetAuthTokenOptions = {}): Promise<string> {
    if (!(minValidSeconds >= 0)) throw new TypeError('minValidSeconds must be a number of seconds')
    const userId = session()?.userId
    for (let waited = false; ;) {
      if (disposed) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (!store) throw new TokenError('storage')
      const record = seen as SignedInRecord
      if (rejected && record?.authToken === rejected && !isFresh(record, env.now())) {
        refused = rejected
        adopt(record)
      }
      const state = machine.get()
      if (state.status === 'signed-out') throw new TokenError('sign-in-required', { reason: state.reason })
      if (userId && state.session && state.session.userId !== userId) throw new TokenError('session-changed')
      const left = state.session ? remaining(record) : 0
      const enough = left > 0 && (left >= minValidSeconds * 1000 || waited || !record.refreshToken)
      if (enough) return record.authToken
      if (state.status !== 'refreshing') {
        if (!record.refreshToken) throw new TokenError('sign-in-required', { reason: 'expired' })
        if (state.status === 'expired' && state.cause && (waited || state.retryAt! > env.now()))
          throw state.cause
        take(record)
      }
      await change(signal)
      waited = true
    }
  }

  const session = (): Session | undefined => {
    const state = machine.get()
    return state.status === 'signed-out' ? undefined : state.session
  }

  /** Writes a sign-in or sign-out and tells everyone. */
  async function write(transaction: ReturnType<typeof signIn>): Promise<void> {
    if (disposed) throw new TokenError('disposed')
    try {
      const record = await store!.transact(key, transaction)
      leaving = false
      adopt(record)
    } catch (cause) {
      leaving = false
      throw new TokenError('storage', { cause })
    }
    announce()
    outbox.flush()
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
      await write(signIn(env.id(), transport.grant(result, env.now()), env.now()))
    },
    async signOut() {
      leaving = true
      machine.send({ type: 'end', reason: 'signed-out' })
      await write(signOut(env.id(), 'signed-out'))
    },
    session,
    dispose() {
      disposed = true
      machine.stop()
      channel?.close()
      sleep?.()
      stopped.abort()
    },
  }
}
