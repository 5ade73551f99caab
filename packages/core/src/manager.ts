import type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './api.ts'
import { browserEnvironment } from './environment.ts'
import { TokenError } from './errors.ts'
import { hasIndexedDb, indexedDb } from './indexed-db.ts'
import { interpret } from './interpreter.ts'
import { expiresAt, isFresh, remaining } from './lifetime.ts'
import {
  forget,
  isAt,
  newer,
  same,
  signIn,
  signOut,
  type Change,
  type Draw,
  type Version,
} from './protocol.ts'
import type { Farewell, SessionRecord, SignedInRecord } from './record.ts'
import { advance, start, type Outcome, type Step } from './refresh.ts'
import type { Expired, SignedOut, Valid } from './state.ts'

/** Milliseconds a storage may take: one that takes longer is held by a frozen tab. */
const storagePatience = 5000
/** Milliseconds to wait for another tab's refresh before going on without the lock. */
const lockPatience = 27_000
/** Milliseconds after which a refresh that nobody answers is not tried again. */
const retryPatience = 15_000

/** What tabs tell each other: where the record stands, or which epoch is left. Never a token. */
type Hint = Partial<Version> & { readonly left?: string | undefined }

/** What any state may hold: one that does not hold it has undefined there. */
type Held = Partial<Omit<Valid, 'status'> & Omit<Expired, 'status'> & Omit<SignedOut, 'status'>>

/** A later version of this library wrote it: it is left alone. */
const isNewer = (record: SessionRecord | undefined): boolean => !!record && record.v !== 1

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
  const store = storage ?? (hasIndexedDb() ? indexedDb() : undefined)
  const name = `tokenkeep:${transport.key}`
  const stopping = new AbortController()
  const { signal: stopped } = stopping
  const draw = (): Draw => ({ now: env.now(), id: env.id(), jitter: env.jitter() })

  /** The newest record this tab knows. */
  let seen: SessionRecord | undefined
  /** False where this tab knows more than the storage: a write failed. */
  let durable = true
  /** True where storage is denied: this tab's memory is all there is, for good. */
  let alone = false
  /** The token an API refused, or whose time the timer has seen end: expired, whatever the wall clock says. */
  let spent: string | undefined
  /** Whether the refresh under way is one that nobody asked for. */
  let activity: 'background' | undefined
  let renewing = false
  let looking = false
  let flushing = false
  /** The hot path: a settled promise. */
  let ready: Promise<string> | undefined

  /** The one timer: each state, and each pause within it, has one thing to wait for. */
  let cancel = (): void => {}
  const arm = (ms: number, callback: () => void): void => {
    cancel()
    if (!stopped.aborted) cancel = env.after(ms, callback)
  }

  /** Callers that wait for the state to change. */
  const waiting = new Set<() => void>()
  const wake = (): void => {
    for (const resolve of waiting) resolve()
    waiting.clear()
  }

  const machine = interpret((state) => {
    cancel()
    ready = undefined
    if (state.status === 'valid') ready = Promise.resolve(state.token)
    if (held().token) watch(seen as SignedInRecord)
    if (state.status === 'refreshing' && !renewing) void renew(env.now())
    wake()
  })
  const held = (): Held => machine.get() as Held

  const usable = (record: SignedInRecord): number =>
    record.token === spent ? 0 : remaining(record, env.now())

  /** Waits for the token's end, by the timer's clock beside the wall clock, and for the time to refresh ahead of it. */
  function watch(record: SignedInRecord): void {
    const rest = usable(record)
    // More than a timer can take.
    if (rest > 2e9) return arm(2e9, () => watch(record))
    const lapse = (): void => {
      spent = record.token
      adopt(seen)
    }
    if (ready && typeof mode === 'object' && record.session.renewable) {
      const early = Math.max(rest - mode.aheadSeconds * 1000, (record.trouble?.until ?? 0) - env.now(), 0)
      arm(early, () => (env.visible() ? take('background') : arm(rest - early, lapse)))
    } else arm(rest, lapse)
  }

  function take(who?: 'background'): void {
    activity = who
    machine.send({ type: 'refresh', session: held().session!, token: held().token })
  }

  /** One change of the record, in time, and over what this tab knows better. */
  const update = (change: Change): Promise<SessionRecord | undefined> =>
    new Promise((resolve, reject) => {
      if (alone) return resolve(change(seen))
      const cancel = env.after(storagePatience, reject)
      store!
        .update(transport.key, (record) => (isNewer(record) ? record : change(newer(seen, record))))
        .then((record) => {
          if (isNewer(record)) throw new Error('newer schema')
          durable = true
          resolve(record)
        })
        .catch(reject)
        .finally(cancel)
    })

  async function perform(step: Step): Promise<Outcome> {
    if (step.do === 'send')
      try {
        return { answer: await transport.refresh({ ...step.job, activity }, env.fetch, env.now) }
      } catch {
        // Offline, cut off, too late, nonsense: all the same to a session.
        return { answer: { failed: 'unreachable' } }
      }
    const { change } = step as Step & { change: Change }
    try {
      return { record: await update(change) }
    } catch (error) {
      // Then what this tab remembers serves instead, as long as it is in storage too: so it names the retry id that
      // every other tab would send.
      if (!durable) throw error
      const record = change(seen)
      durable = isAt(record, seen as SignedInRecord)
      return { record }
    }
  }

  /** Refreshes until there is a token, no session, or no more patience. One request at a time, under the lock. */
  async function renew(since: number, tries = 1): Promise<void> {
    renewing = true
    let cause: TokenError | undefined
    let step = start(seen as SignedInRecord) as Step
    try {
      await env.lock(name, lockPatience, async () => {
        while (step.do !== 'done') step = advance(step, await perform(step), draw())
      })
    } catch (error) {
      cause = new TokenError('storage', { cause: error, retryAt: env.now() + 250 })
    }
    renewing = false
    if (!cause) adopt((step as Step & { do: 'done' }).record)
    announce()
    void flush()
    if (!seen?.session) return tell({ type: 'session-ended', reason: held().reason! })
    const { trouble, session } = seen
    if (trouble) cause ??= new TokenError(trouble.code, { retryAt: trouble.until })
    const going = machine.get().status === 'refreshing'
    const wait = cause ? cause.retryAt! - env.now() : 0
    // Again where another tab's newer token has lapsed meanwhile, or nobody answered yet; never a little too early.
    if (
      going &&
      (!cause || (cause.code === 'unreachable' && tries < 3 && cause.retryAt! < since + retryPatience))
    )
      return arm(wait + 2, () => renew(since, tries + 1))
    tell(cause ? { type: 'refresh-failed', code: cause.code } : { type: 'refreshed' })
    if (going) machine.send({ type: 'fail', session, cause, retryAt: cause!.retryAt })
  }

  /** Makes this tab agree with a record, by the clock as it is now. */
  function adopt(record: SessionRecord | undefined): void {
    if (stopped.aborted) return
    const before = seen
    seen = newer(before, record)
    if (!seen?.session)
      return machine.send({ type: 'end', reason: seen?.reason ?? (before ? 'unreadable' : 'none') })
    const isSame = before?.epoch === seen.epoch
    const { session, token } = seen
    if (usable(seen) > 0) {
      if (held().token !== token || !(ready || renewing))
        machine.send({ type: isSame ? 'adopt' : 'sign-in', token, expiresAt: expiresAt(seen), session })
    } else if (!isSame || held().token) machine.send({ type: isSame ? 'lapse' : 'resume', session })
  }

  const announce = (left?: string): void => post?.({ epoch: seen?.epoch, seq: seen?.seq, left })

  const hear = (hint: unknown): void => {
    const { epoch, seq, left } = hint as Hint
    if (left && left === seen?.epoch) adopt(signOut(epoch!, 'signed-out')(seen))
    else if (epoch !== seen?.epoch || seq !== seen?.seq) void look()
  }

  /** Reads the record: until then, no token is served. */
  async function look(): Promise<void> {
    looking = true
    try {
      adopt(await update(same))
    } catch (cause) {
      // It hangs, and may answer yet; or it is denied, or unreadable.
      if (!seen)
        if (!cause) arm(250, look)
        else {
          alone = !storage
          if (alone) tell({ type: 'storage-degraded', cause })
          machine.send({ type: 'end', reason: alone ? 'none' : 'unreadable' })
        }
    }
    looking = false
    wake()
    if (env.visible()) void flush()
  }

  /** Tells the server of sessions that were signed out here, until it has answered; a crash in between loses none. */
  async function flush(): Promise<void> {
    if (flushing || stopped.aborted) return
    flushing = true
    let farewell: Farewell | undefined
    while ((farewell = seen?.outbox[0]) && (await transport.revoke(farewell, env.fetch).catch(() => false))) {
      const forgotten = forget(farewell.sessionId)
      adopt(await update(forgotten).catch(() => forgotten(seen)))
    }
    flushing = false
    if (farewell && machine.get().status === 'signed-out') arm(5000 * (1 + env.jitter()), flush)
  }

  const post = store && env.channel(name, hear, stopped)
  if (store) {
    env.wake(look, stopped)
    void look()
  }

  /** Resolves at the next change, or when the caller gives up. */
  async function change(signal?: AbortSignal): Promise<void> {
    let done = (): void => {}
    await new Promise<void>((resolve) => {
      waiting.add((done = resolve))
      signal?.addEventListener('abort', done)
    })
    signal?.removeEventListener('abort', done)
  }

  async function obtain({
    signal,
    minValidSeconds = 0,
    rejected,
  }: GetAuthTokenOptions = {}): Promise<string> {
    if (!(minValidSeconds >= 0)) throw new TypeError('minValidSeconds')
    const userId = held().session?.userId
    for (let waited = false; ; await change(signal)) {
      if (stopped.aborted) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (looking) continue
      if (seen?.session) {
        if (rejected && seen.token === rejected && !isFresh(seen, env.now())) spent = rejected
        adopt(seen)
      }
      const { session, token, reason, cause, retryAt } = held()
      if (reason) throw new TokenError('sign-in-required', { reason })
      if (!session) throw new TokenError('storage')
      if (userId && session.userId !== userId) throw new TokenError('session-changed')
      const { renewable } = session
      if (token && (waited || !renewable || usable(seen as SignedInRecord) >= minValidSeconds * 1000))
        return token
      if (machine.get().status !== 'refreshing') {
        if (!renewable) throw new TokenError('sign-in-required', { reason: 'expired' })
        if (cause && (waited || retryAt! > env.now())) throw cause
        take()
      }
      waited = true
    }
  }

  /** Writes a sign-in or sign-out and tells everyone. */
  async function write(change: Change): Promise<void> {
    if (stopped.aborted) throw new TokenError('disposed')
    try {
      adopt(await update(change))
    } catch (cause) {
      throw new TokenError('storage', { cause })
    } finally {
      announce()
      void flush()
    }
  }

  return {
    get: machine.get,
    subscribe: machine.subscribe,
    getAuthToken: (options) =>
      ready && !options && !looking && remaining(seen as SignedInRecord, env.now()) > 0
        ? ready
        : obtain(options),
    signIn: async (result) => write(signIn(env.id(), transport.grant(result, env.now()), env.now())),
    async signOut() {
      if (looking && !seen) await change()
      const leave = signOut(env.id(), 'signed-out')
      const left = seen?.epoch
      // At once in every tab, before anything is written.
      if (left) adopt(leave(seen))
      announce(left)
      await write(leave)
    },
    session: () => held().session,
    dispose() {
      stopping.abort()
      ready = undefined
      cancel()
      wake()
    },
  }
}
