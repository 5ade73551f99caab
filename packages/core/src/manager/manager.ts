import { DEVELOPMENT } from '../development.ts'
import { browserEnvironment } from '../environment.ts'
import { TokenError } from '../errors.ts'
import { interpret } from '../machine/interpreter.ts'
import { defaultStore } from '../stores/indexed-db.ts'
import type { Change } from '../tabs/change.ts'
import { applyHint, hintOf, type Hint } from '../tabs/hint.ts'
import { isFresh } from '../tabs/lifetime.ts'
import type { SessionRecord } from '../tabs/record.ts'
import { isPaused } from '../tabs/refresh.ts'
import { signIn, signOut } from '../tabs/sign-in.ts'
import type { GetAuthTokenOptions, ManagerEvent, TokenManager, TokenManagerOptions } from './api.ts'
import { decide } from './decide.ts'
import { eventFor } from './projection.ts'
import { createRefresher, type RefreshResult } from './refresher.ts'
import { createReplica } from './replica.ts'
import { createRevoker } from './revoker.ts'
import { STORAGE_RETRY_DELAY } from './timeouts.ts'
import { createWaiting } from './waiting.ts'

/**
 * Creates a token manager. It never throws because of what is stored. By itself, it sends only pending revocations.
 *
 * @example
 * ```ts
 * import { createTokenManager, sessionServer } from '@tokenkeep/core'
 *
 * const transport = sessionServer({ url: 'https://auth.example.com', appId: 'shop' })
 * const auth = createTokenManager({ transport })
 * const token = await auth.getAuthToken()
 * ```
 */
export function createTokenManager<Result>({
  transport,
  storage,
  environment: env = browserEnvironment,
  onEvent,
}: TokenManagerOptions<Result>): TokenManager<Result> {
  const store = storage ?? defaultStore()
  const disposing = new AbortController()
  const { signal: disposed } = disposing

  /** Called in a microtask, so that a listener that throws cannot affect the manager. */
  const report = (event: ManagerEvent): void => queueMicrotask(() => onEvent?.(event))

  /** Callers that wait for the state to change, or for a read to end. */
  const callers = createWaiting()
  const replica = createReplica(transport.key, store, env, project)
  const refresher = createRefresher(
    transport,
    replica,
    env,
    () => {
      synchronize(replica.current)
      return !disposed.aborted && machine.get().status === 'refreshing'
    },
    onEnd,
  )
  const revoke = createRevoker(transport, replica, env, disposed)

  /** The promise that `getAuthToken()` returns in `valid`. Only the activity of that state sets it. */
  let resolved: Promise<string> | undefined
  const machine = interpret(
    {
      valid({ token }) {
        resolved = Promise.resolve(token)
        const cancel = env.after(replica.remaining(), replica.lapse)
        return () => {
          cancel()
          resolved = undefined
        }
      },
      refreshing({ activity }) {
        refresher.start(activity)
        const cancel = env.after(replica.remaining(), replica.lapse)
        return () => {
          cancel()
          refresher.stop()
        }
      },
    },
    callers.wake,
  )

  /** Makes the state agree with the record, by the time that the clock shows now. */
  function project(before: SessionRecord | undefined): void {
    if (disposed.aborted) return
    const isUsable = replica.remaining() > 0
    const event = eventFor(before, replica.current, machine.get(), isUsable, refresher.isRunning)
    if (event) machine.send(event)
  }

  /** Makes this tab, the other tabs and the server agree with a record. */
  function synchronize(record: SessionRecord | undefined): void {
    replica.adopt(record)
    post?.(hintOf(replica.current))
    revoke()
  }

  function onEnd({ code, cause, until: retryAt, reason }: RefreshResult): void {
    report({ type: 'refresh-ended', code, cause, reason })
    const session = replica.current?.session // If the state has moved on, the machine ignores the event.
    if (code && session)
      machine.send({ type: 'fail', session, cause: new TokenError(code, { cause, retryAt }), retryAt })
  }

  /** Applies another tab's hint, and reads the record. */
  async function read(hint?: unknown): Promise<void> {
    if (disposed.aborted) return
    // The sender may be gone before its sign-out is written. The read also writes what this tab knows.
    if (replica.current) replica.adopt(applyHint(hint as Hint | undefined)(replica.current))
    try {
      await replica.read()
    } catch (cause) {
      if (!replica.current) onUnreadable(cause)
    }
    callers.wake()
    if (env.isVisible()) revoke()
  }

  function onUnreadable(cause: unknown): void {
    // No cause means that the storage hangs. It may answer later.
    if (!cause) return void env.after(STORAGE_RETRY_DELAY, read, true)
    if (machine.get().reason) return
    machine.send({ type: 'end', reason: 'unreadable' })
    if (storage) return
    replica.detach()
    report({ type: 'storage-degraded', cause })
  }

  const post = store && env.channel(transport.key, read, disposed)
  if (store) void read()

  async function obtain({
    signal,
    minValidSeconds = 0,
    rejected,
    activity,
  }: GetAuthTokenOptions = {}): Promise<string> {
    if (DEVELOPMENT && !(minValidSeconds >= 0)) throw new TypeError('minValidSeconds must be 0 or more.')
    const userId = machine.get().session?.userId
    for (let hasWaited = false; ; await callers.wait(signal)) {
      if (disposed.aborted) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (replica.isReading) continue
      const record = replica.current
      if (record?.session) {
        if (record.token === rejected && !isFresh(record, env.now())) replica.lapse()
        else replica.adopt(record)
      }
      const decision = decide(
        machine.get(),
        userId,
        minValidSeconds * 1000,
        replica.remaining(),
        hasWaited,
        isPaused(record, env.now()),
      )
      if (typeof decision === 'string') return decision
      if (decision) machine.send({ ...decision, activity })
      hasWaited = true
    }
  }

  /** Writes a sign-in or a sign-out, and tells the other tabs and the server. */
  async function write(change: Change): Promise<void> {
    if (disposed.aborted) throw new TokenError('disposed')
    const fail = (cause: unknown): never => {
      throw new TokenError('storage', { cause })
    }
    synchronize(await replica.commit(change).catch(fail))
  }

  return {
    get: machine.get,
    subscribe: machine.subscribe,
    getAuthToken: (options) =>
      resolved && !options && !replica.isReading && replica.remaining() > 0 ? resolved : obtain(options),
    signIn: async (result) =>
      write(signIn(env.entropy().id, transport.parseTokenResponse(result, env.now()), env.now())),
    async signOut() {
      const ending = signOut('signed-out')
      replica.overtake(ending)
      // Every tab shows the sign-out at once, before it is written. Until the first read, the last hint names the session.
      synchronize(ending(replica.current ?? (env.lastMessage(transport.key) as SessionRecord | undefined)))
      await write(ending)
    },
    session: () => machine.get().session,
    dispose() {
      disposing.abort()
      machine.stop()
      callers.wake()
    },
  }
}
