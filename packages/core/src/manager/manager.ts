// Longer than other files: one closure over one state, as docs/decisions/008 says.
import type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './api.ts'
import { browserEnvironment } from '../environment.ts'
import { TokenError, type TokenErrorCode } from '../errors.ts'
import { defaultStore } from '../stores/indexed-db.ts'
import { interpret } from '../machine/interpreter.ts'
import { expiresAt, isFresh, remaining } from '../tabs/lifetime.ts'
import { lockPatience, retryPatience, storagePatience } from './timeouts.ts'
import {
  forget,
  heed,
  hintOf,
  isAt,
  isPaused,
  newer,
  same,
  signIn,
  signOut,
  type Answer,
  type Change,
  type Hint,
  type Version,
} from '../tabs/protocol.ts'
import { isLater, type Farewell, type SessionRecord, type SignedInRecord } from '../tabs/record.ts'
import { advance, start, type Outcome, type Step } from '../tabs/refresh.ts'
import type { AuthState, Expired, SignedOut, Valid } from '../machine/state.ts'

/** What any state may hold: one that does not hold it has undefined there. */
type Held = Pick<AuthState, 'status'> &
  Partial<Omit<Valid, 'status'> & Omit<Expired, 'status'> & Omit<SignedOut, 'status'>>

/** What keeps a refresh from a token: the record says it to every tab, but for a storage that fails this one. */
interface Failure {
  readonly code?: TokenErrorCode
  readonly until?: number
  readonly cause?: unknown
}

/** Creates a manager. Never throws for what it finds in storage, and never makes a request of its own accord. */
export function createTokenManager<Result>({
  transport,
  storage,
  environment: env = browserEnvironment,
  onEvent,
}: TokenManagerOptions<Result>): TokenManager<Result> {
  /** In a turn of its own: what a listener does or throws is no part of what it hears of. */
  const tell = (event: ManagerEvent): void => queueMicrotask(() => onEvent?.(event))
  let store = storage ?? defaultStore()
  const { key } = transport
  const stopping = new AbortController()
  const { signal: stopped } = stopping

  /** The newest record this tab knows. */
  let seen: SessionRecord | undefined
  /** The record as the storage had it last: behind `seen` where a write failed. */
  let stored: SessionRecord | undefined
  /** The retry id that came with a token which has lapsed. Not the token: a server may grant the same one anew. */
  let spent: string | undefined
  /** When the refresh under way began. */
  let since: number | undefined
  /** Whether it is one that nobody asked for. */
  let activity: 'background' | undefined
  /** The farewell being said. */
  let farewell: Farewell | undefined
  /** The last sign-out that was asked for here: whatever began before it, a sign-in too, ends in it. */
  let leave = same
  /** Reads of the record under way: until they are done, it may be out of date, and no token is served. */
  let reads = 0
  /** The hot path: a settled promise. */
  let ready: Promise<string> | undefined

  /** The one timer: each state, and each pause within it, has one thing to wait for. */
  let cancel = (): void => {}
  const arm = (ms: number, callback: () => void): void => {
    cancel()
    if (!stopped.aborted) cancel = env.after(ms, callback)
  }

  /** Callers that wait for the state to change. */
  const waiting: (() => void)[] = []
  const change = (): Promise<void> => new Promise((resolve) => waiting.push(resolve))
  const wake = (): void => {
    for (const resolve of waiting.splice(0)) resolve()
  }

  const machine = interpret(() => {
    const { status, token } = held()
    cancel()
    ready = status === 'valid' ? Promise.resolve(token!) : undefined
    if (token) arm(usable(seen as SignedInRecord), lapse)
    if (status === 'refreshing' && !since) void renew(env.now())
    wake()
  })
  const held = (): Held => machine.get() as Held

  const usable = (record: SignedInRecord): number =>
    record.attempt === spent ? 0 : remaining(record, env.now())

  /** By the timer's clock, or since an API refused it, the token's life is over, whatever the wall clock says. */
  function lapse(): void {
    spent = (seen as SignedInRecord).attempt
    adopt(seen)
  }

  /**
   * One change of the record, over what this tab knows better. One that was given up is not made any more: its caller
   * counts on it. What this tab knows by then is still written, such as a sign-out.
   */
  const update = (change: Change): Promise<SessionRecord | undefined> =>
    new Promise((resolve, reject) => {
      const before = leave
      const left: Change = (record) => (leave === before ? record : leave(record))
      const cancel = env.after(storagePatience, () => {
        change = same
        reject()
      })
      store!
        .update(key, (record) => (isLater(record) ? record : left(change(newer(seen, record)))))
        .then((record) => {
          if (isLater(record)) throw new Error('schema')
          resolve(left((stored = record)))
        })
        .catch(reject)
        .finally(cancel)
    })

  async function perform({ job, change }: Step): Promise<Outcome> {
    if (job) {
      const answer = transport.refresh({ ...job, activity }, env.fetch, env.now)
      // Offline, cut off, too late, nonsense: all the same to a session.
      return { answer: await answer.catch((): Answer => ({ failed: 'unreachable' })) }
    }
    try {
      return { record: await update(change!) }
    } catch (error) {
      // Then what this tab remembers serves instead, as long as it is in storage too: so it names the retry id that
      // every other tab would send.
      if (!isAt(stored, seen as SignedInRecord)) throw error
      return { record: change!(seen) }
    }
  }

  /** Refreshes until there is a token, no session, or no more patience. One request at a time, under the lock. */
  async function renew(began: number, tries = 1): Promise<void> {
    since = began
    let step = start(seen as SignedInRecord)
    let failed: Failure | undefined
    try {
      await env.lock(key, lockPatience, async () => {
        while (step.job ?? step.change) step = advance(step, await perform(step), env.draw())
        // While it is the newest: what comes after the lock is gone may be newer.
        adopt(step.record)
      })
    } catch (cause) {
      failed = { code: 'storage', cause }
    }
    since = undefined
    conclude(seen)
    const { code, until = 0, cause }: Failure = failed ?? step.record?.trouble ?? {}
    // Again where another tab's newer token has lapsed meanwhile, or nobody answered yet; never a little too early.
    if (
      held().status === 'refreshing' &&
      (!code || (code === 'unreachable' && tries < 3 && until < began + retryPatience))
    )
      return arm(until - env.now() + 2, () => renew(began, tries + 1))
    tell({ type: 'refresh-ended', code, reason: step.record?.reason })
    // Ignored where the state has moved on.
    machine.send({
      type: 'fail',
      session: held().session!,
      cause: new TokenError(code!, { cause, retryAt: until }),
      retryAt: until,
    })
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
      if (held().token !== token || !(ready || since))
        machine.send({ type: isSame ? 'adopt' : 'sign-in', token, expiresAt: expiresAt(seen), session })
    } else if (!isSame || held().token) machine.send({ type: isSame ? 'lapse' : 'resume', session })
  }

  /** Makes every tab agree with it, and the server. */
  function conclude(record: SessionRecord | undefined): void {
    adopt(record)
    post?.(hintOf(seen))
    void flush()
  }

  const hear = (hint: unknown): void => {
    if (seen) adopt(heed(hint as Hint)(seen))
    if (!isAt(seen, hint as Version)) void look()
  }

  /** Reads the record. */
  async function look(): Promise<void> {
    reads++
    try {
      adopt(await update(same))
    } catch (cause) {
      // It hangs, and may answer yet; or it is unreadable; or denied: then this tab's memory is all there is.
      if (!seen)
        if (!cause) arm(250, look)
        else {
          machine.send({ type: 'end', reason: 'unreadable' })
          if (!storage) {
            store = { update: async (_, change) => change(seen) }
            tell({ type: 'storage-degraded', cause })
          }
        }
    }
    reads--
    wake()
    if (env.visible()) void flush()
  }

  /** Tells the server of sessions that were signed out here, until it has answered; a crash in between loses none. */
  async function flush(): Promise<void> {
    if (farewell || stopped.aborted) return
    while ((farewell = seen?.outbox[0]) && (await transport.revoke(farewell, env.fetch).catch(() => false))) {
      const forgotten = forget(farewell.sessionId)
      adopt(await update(forgotten).catch(() => forgotten(seen)))
    }
    if (!farewell) return
    farewell = undefined
    if (held().status === 'signed-out') arm(10_000, flush)
  }

  const post = store && env.channel(key, hear, stopped)
  if (store) {
    env.wake(look, stopped)
    void look()
  }

  async function obtain({
    signal,
    minValidSeconds = 0,
    rejected,
    activity: who,
  }: GetAuthTokenOptions = {}): Promise<string> {
    if (!(minValidSeconds >= 0)) throw new TypeError('minValidSeconds')
    const userId = held().session?.userId
    // The same listener each time: a signal keeps it once.
    signal?.addEventListener('abort', wake)
    for (let waited = false; ; await change()) {
      if (stopped.aborted) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (reads) continue
      if (seen?.session) {
        if (seen.token === rejected && !isFresh(seen, env.now())) lapse()
        adopt(seen)
      }
      const { status, session, token, reason, cause } = held()
      const over = reason ?? (session && !session.renewable && !token && 'expired')
      if (over) throw new TokenError('sign-in-required', { reason: over })
      if (!session) throw new TokenError('storage')
      if (userId && session.userId !== userId) throw new TokenError('session-changed')
      if (token && usable(seen as SignedInRecord) >= minValidSeconds * 1000) return token
      if (status !== 'refreshing') {
        if (token && (waited || !session.renewable)) return token
        if (cause && (waited || isPaused(seen as SignedInRecord, env.now()))) throw cause
        activity = who
        machine.send({ type: 'refresh', session, token })
      }
      waited = true
    }
  }

  /** Writes a sign-in or sign-out and tells everyone. */
  async function write(change: Change): Promise<void> {
    if (stopped.aborted) throw new TokenError('disposed')
    try {
      conclude(await update(change))
    } catch (cause) {
      throw new TokenError('storage', { cause })
    }
  }

  return {
    get: machine.get,
    subscribe: machine.subscribe,
    getAuthToken: (options) =>
      ready && !options && !reads && usable(seen as SignedInRecord) > 0 ? ready : obtain(options),
    signIn: async (result) => write(signIn(env.draw().id, transport.grant(result, env.now()), env.now())),
    async signOut() {
      leave = signOut(env.draw().id, 'signed-out')
      // oxlint-disable-next-line no-unmodified-loop-condition -- Both are, while it waits.
      while (reads && !seen) await change()
      // At once in every tab, before anything is written.
      conclude(leave(seen))
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
