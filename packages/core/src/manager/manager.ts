import { DEVELOPMENT } from '../development.ts'
import { browserEnvironment } from '../environment.ts'
import { TokenError } from '../errors.ts'
import { interpret } from '../machine/interpreter.ts'
import { defaultStore } from '../stores/indexed-db.ts'
import { isPaused } from '../tabs/answer.ts'
import type { Change } from '../tabs/change.ts'
import { applyHint, hintOf, type Hint } from '../tabs/hint.ts'
import { isFresh } from '../tabs/lifetime.ts'
import type { SessionRecord } from '../tabs/record.ts'
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
export function createTokenManager<Result>(options: TokenManagerOptions<Result>): TokenManager<Result> {
  const { transport, storage, environment: env = browserEnvironment, onEvent } = options
  const store = storage ?? defaultStore()
  const disposing = new AbortController()
  const { signal: disposed } = disposing

  /** Called in a microtask, so that a listener that throws cannot affect the manager. */
  const report = (event: ManagerEvent): void => queueMicrotask(() => onEvent?.(event))

  /** Callers that wait for the state to change, or for a read to end. */
  const callers = createWaiting()
  const replica = createReplica(transport.key, store, env, (before) => project(before))
  const refresher = createRefresher(transport, replica, env, onTry, onEnd)
  const revoke = createRevoker(transport, replica, env, disposed)

  /** The promise that `getAuthToken()` returns in `valid`. Only the activity of that state sets it. */
  let resolved: Promise<string> | undefined
  const machine = interpret(
    {
      valid({ token }) {
        resolved = Promise.resolve(token)
        const cancel = env.after(replica.remaining(), lapse)
        return () => {
          resolved = undefined
          cancel()
        }
      },
      refreshing() {
        refresher.start()
        const cancel = env.after(replica.remaining(), lapse)
        return () => {
          refresher.stop()
          cancel()
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

  /** Called when the token's time is over by a clock that never jumps. The wall clock may have been set back. */
  function lapse(): void {
    replica.invalidate()
    replica.adopt(replica.current)
  }

  /** Makes this tab, the other tabs and the server agree with a record. */
  function synchronize(record: SessionRecord | undefined): void {
    replica.adopt(record)
    post?.(hintOf(replica.current))
    revoke()
  }

  function onTry(): boolean {
    synchronize(replica.current)
    return !disposed.aborted && machine.get().status === 'refreshing'
  }

  function onEnd({ code, cause, until: retryAt, reason }: RefreshResult): void {
    report({ type: 'refresh-ended', code, cause, reason })
    const session = replica.current?.session // If the state has moved on, the machine ignores the event.
    if (code && session)
      machine.send({ type: 'fail', session, cause: new TokenError(code, { cause, retryAt }), retryAt })
  }

  function onMessage(hint: Hint): void {
    // The sender may be gone before its sign-out is written. The read also writes what this tab knows.
    if (replica.current) replica.adopt(applyHint(hint)(replica.current))
    void read()
  }

  async function read(): Promise<void> {
    if (disposed.aborted) return
    try {
      await replica.read()
    } catch (cause) {
      if (!replica.current) onUnreadable(cause)
    }
    callers.wake()
    if (env.isVisible()) revoke()
  }

  function onUnreadable(cause: unknown): void {
    // Without a cause, the storage hangs. It may answer later.
    if (!cause) return void env.after(STORAGE_RETRY_DELAY, read, true)
    if (machine.get().reason) return
    machine.send({ type: 'end', reason: 'unreadable' })
    if (storage) return
    replica.detach()
    report({ type: 'storage-degraded', cause })
  }

  const post = store && env.channel(transport.key, (message) => onMessage(message as Hint), disposed)
  if (store) {
    env.onWake(() => void read(), disposed)
    void read()
  }

  async function obtain(options: GetAuthTokenOptions = {}): Promise<string> {
    const { signal, minValidSeconds = 0, rejected, activity } = options
    if (DEVELOPMENT && !(minValidSeconds >= 0)) throw new TypeError('minValidSeconds must be 0 or more.')
    const userId = machine.get().session?.userId
    for (let hasWaited = false; ; await callers.wait(signal)) {
      if (disposed.aborted) throw new TokenError('disposed')
      if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
      if (replica.isReading) continue
      const record = replica.current
      if (record?.session) {
        if (record.token === rejected && !isFresh(record, env.now())) replica.invalidate()
        replica.adopt(record)
      }
      const decision = decide(machine.get(), {
        userId,
        minValid: minValidSeconds * 1000,
        remaining: replica.remaining(),
        hasWaited,
        isPaused: isPaused(record, env.now()),
      })
      if (typeof decision === 'string') return decision
      if (decision) {
        refresher.activity = activity
        machine.send(decision)
      }
      hasWaited = true
    }
  }

  /** Writes a sign-in or a sign-out, and tells the other tabs and the server. */
  async function write(change: Change): Promise<void> {
    if (disposed.aborted) throw new TokenError('disposed')
    try {
      synchronize(await replica.commit(change))
    } catch (cause) {
      throw new TokenError('storage', { cause })
    }
  }

  return {
    get: machine.get,
    subscribe: machine.subscribe,
    getAuthToken: (options) =>
      resolved && !options && !replica.isReading && replica.remaining() > 0 ? resolved : obtain(options),
    signIn: async (result) =>
      write(signIn(env.entropy().id, transport.parseTokenResponse(result, env.now()), env.now())),
    async signOut() {
      const ending = signOut(env.entropy().id, 'signed-out')
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
