import type { AuthState, Transport } from '@tokenkeep/core'
import { decide, isFresh, isPaused, remaining, signIn, signOut } from '@tokenkeep/core/cross-tab'
import type { SessionEvent } from '../events.ts'
import { randomId } from '../sealing/base64url.ts'
import { deriveRetryId } from '../sealing/retry-id.ts'
import type { OpenedCookies } from './open-cookies.ts'
import type { Refresh } from './refresher.ts'
import { epochAfter, hasAdvanced, isSignedIn, type SealedSignedInRecord } from './sealed-record.ts'
import { stateOf, toPlainState, type SessionSnapshot } from './state.ts'
import type { WriteCookies } from './write-cookies.ts'

export interface GetServerTokenOptions {
  /** Asks for a token that can be used for at least this long. Seconds; default 0. */
  readonly minValidSeconds?: number
  /** A token that an API has answered with 401. It is refreshed once, unless it has just arrived. */
  readonly rejected?: string | undefined
}

/** The session of one server request. Its functions need no `this`. */
export interface ServerSession<Result = unknown> {
  /** Returns the state. It is never `refreshing`: a server request waits for a refresh, or does not ask for one. */
  state(): AuthState
  /** Returns the state as plain data, for the first render in the browser. */
  snapshot(): SessionSnapshot
  /**
   * Resolves to the auth token. If it has expired, it is refreshed first: once for all callers of this process.
   *
   * @throws TokenError if there is no token to serve; see the core's `TokenErrorCode`
   */
  getAuthToken(options?: GetServerTokenOptions): Promise<string>
  /**
   * Refreshes a token that expires within `aheadSeconds`. Call it where cookies can be set, before the page is rendered.
   * A failure shows in the state. Never rejects.
   */
  refreshAhead(): Promise<void>
  /**
   * Starts a session with what a sign-in returned. A session that was there before is revoked.
   *
   * @throws TypeError if `result` is not what the transport expects
   */
  signIn(result: Result): Promise<void>
  /** Ends the session in this browser at once. If the session server cannot be reached, it is told later. */
  signOut(): void
  /**
   * Resolves to the `Set-Cookie` headers that this response must carry, and with them `Cache-Control: private, no-store`.
   * Empty unless the session has advanced since the request or the last call, or a stray must go. Never rejects.
   */
  headers(): Promise<Headers>
}

export interface SessionContext<Result> {
  readonly transport: Pick<Transport<Result>, 'parseTokenResponse'>
  readonly refresh: Refresh
  readonly writeCookies: WriteCookies
  readonly now: () => number
  /** Milliseconds. */
  readonly ahead: number
  readonly browserHasToken: boolean
  readonly onEvent: ((event: SessionEvent) => void) | undefined
}

/** A refresh ahead comes in this last part of a token's life. Otherwise each request would refresh a short-lived token. */
const MAX_AHEAD = 1 / 4

export function createServerSession<Result>(
  context: SessionContext<Result>,
  opened: OpenedCookies,
  method = 'GET',
): ServerSession<Result> {
  const { transport, refresh, writeCookies, now, ahead, browserHasToken, onEvent } = context
  let record = opened.record
  /** What the browser will hold once it has the headers that were handed out. */
  let stored = opened
  /** The token that an API has rejected. */
  let rejectedToken: string | undefined

  const left = (): number =>
    isSignedIn(record) && record.token !== rejectedToken ? remaining(record, now()) : 0
  const state = (): AuthState => stateOf(record, left() > 0)

  async function advance(from: SealedSignedInRecord, minValid: number): Promise<void> {
    const after = await refresh(from, minValid)
    // A sign-in or a sign-out came first, or another caller of this request has already written the same answer.
    if (record !== from) return
    record = after
    onEvent?.({ type: 'refresh-ended', code: after.lastFailure?.code, reason: after.reason })
  }

  async function getAuthToken(options: GetServerTokenOptions = {}): Promise<string> {
    const { minValidSeconds = 0, rejected } = options
    if (isSignedIn(record) && record.token === rejected && !isFresh(record, now())) rejectedToken = rejected
    for (let hasWaited = false; ; hasWaited = true) {
      const minValid = minValidSeconds * 1000
      const decision = decide(state(), undefined, minValid, left(), hasWaited, isPaused(record, now()))
      if (typeof decision === 'string') return decision
      await advance(record as SealedSignedInRecord, minValid)
    }
  }

  return {
    state,
    snapshot: () => ({
      at: now(),
      epoch: epochAfter(stored.epoch, record),
      state: toPlainState(state(), browserHasToken),
      isUnstored: hasAdvanced(stored.record, record),
    }),
    getAuthToken,
    async refreshAhead() {
      if (method === 'OPTIONS' || !isSignedIn(record)) return
      const wanted = Math.min(ahead, record.lifetime * MAX_AHEAD)
      await getAuthToken({ minValidSeconds: wanted / 1000 }).catch(() => undefined)
    },
    async signIn(result) {
      const epoch = randomId()
      const secret = randomId()
      const received = now()
      const started = signIn(epoch, transport.parseTokenResponse(result, received), received)(record)
      const retryId = started.refreshToken ? await deriveRetryId(secret, started.refreshToken) : epoch
      record = { ...started, retryId, secret } satisfies SealedSignedInRecord
    },
    signOut() {
      record = signOut('signed-out')(record)
    },
    async headers() {
      const before = record
      const written = await writeCookies(stored, before)
      stored = written.stored
      // A refresh that ended meanwhile goes with the next response.
      if (record === before) record = written.record
      const headers = new Headers()
      for (const cookie of written.cookies) headers.append('set-cookie', cookie)
      // A shared cache that kept this response would hand the session to everybody.
      if (written.cookies.length > 0) headers.set('cache-control', 'private, no-store')
      return headers
    },
  }
}
