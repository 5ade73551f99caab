import { isTokenError, type GetAuthTokenOptions, type TokenError } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Tab } from './device.ts'

const sessionOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid

/** What the user is doing in a tab: signing in to `session`, or signing out if there is no `session`. */
interface UserAction {
  readonly tab: Tab
  readonly session?: string
}

/** Observes a walk and checks the invariants of `docs/cross-tab.md`. */
export class Oracle {
  /** The first invariant that was violated. */
  violation: string | undefined
  /** The calls of `getAuthToken()` that wait, each with its tab. */
  readonly callers = new Map<Promise<unknown>, Tab>()
  readonly #userActions = new Set<UserAction>()
  readonly #isAlive: (session: string) => Promise<boolean>
  /** The sessions that the storage has held, in order. Undefined: no session. */
  readonly #history: (string | undefined)[] = [undefined]
  /** For each tab, the index in `#history` of the record that the tab last learned of. */
  readonly #lastSeen = new WeakMap<Tab, number>()
  /** Sessions whose sign-in may still be written: it has not failed, and no sign-out has come after it. */
  readonly #signingIn = new Set<string>()
  /** Sessions that must not be written any more, because a sign-out came after the sign-in. */
  readonly #overtaken = new Set<string>()
  /** Sessions that a sign-out may have ended. */
  readonly #maybeSignedOut = new Set<string>()
  /** For each tab, the sessions that it must not show any more. */
  readonly #forgotten = new WeakMap<Tab, Set<string>>()
  readonly #signedOut = new WeakMap<Tab, Set<string>>()
  /** Sessions that must be revoked at the server in the end. */
  readonly #pendingRevocations = new Set<string>()
  /** Sets of sessions. A tab has claimed that at least one session in each set has ended at the server. */
  readonly #claims: (readonly string[])[] = []

  constructor(isAlive: (session: string) => Promise<boolean>) {
    this.#isAlive = isAlive
  }

  check(holds: boolean, invariant: string): void {
    if (!holds) this.violation ??= invariant
  }

  /**
   * Records a transaction of a tab. Call the returned function when the tab learns the result. `inTime` says whether that
   * happens within the manager's timeout.
   */
  onCommit(
    tab: Tab,
    before: SessionRecord | undefined,
    after: SessionRecord | undefined,
  ): (inTime: boolean) => void {
    // A sign-out keeps the epoch that it ends.
    if (before?.epoch === after?.epoch && !before?.session === !after?.session)
      this.check((after?.generation ?? 0) >= (before?.generation ?? 0), 'I4: the generation decreased')
    else {
      this.#history.push(after?.session?.id)
      if (before?.session) this.#pendingRevocations.add(before.session.id)
      if (after?.session)
        this.check(
          this.#signingIn.delete(after.session.id),
          'I2: a session came back after the user had ended it',
        )
      else if (before?.session && after?.reason !== 'signed-out') this.#claims.push([before.session.id])
    }
    const now = this.#history.length - 1
    return (inTime) => {
      if ([...this.#userActions].some((action) => action.tab === tab && !action.session))
        this.#markSignedOut(tab)
      if (inTime) this.#lastSeen.set(tab, now)
    }
  }

  /** Calls `getAuthToken()`. Its outcome must agree with the record that the tab last learned of, or with a later one. */
  ask(tab: Tab, options?: GetAuthTokenOptions): Promise<string | undefined> {
    const call = tab.manager.getAuthToken(options).then(
      (token) => {
        const id = sessionOf(token)
        const isTrue = this.#possibleSessions(tab).includes(id) && !this.#forgotten.get(tab)?.has(id)
        this.check(isTrue, 'I3: a caller got a token of another session')
        return id
      },
      (error: TokenError) => {
        this.check(isTokenError(error), `a caller got an error that is not a TokenError: ${error}`)
        if (error.code !== 'sign-in-required') return error.code
        const possible = this.#possibleSessions(tab)
        if (error.reason === 'unreadable' || possible.some((id) => !id || this.#maybeSignedOut.has(id)))
          return undefined
        const isEnd = error.reason !== 'none' && error.reason !== 'signed-out'
        this.check(isEnd, 'I5: a caller was told to sign in, but nobody has signed out')
        this.#claims.push(possible as string[])
        return undefined
      },
    )
    this.callers.set(call, tab)
    void call.finally(() => this.callers.delete(call))
    return call
  }

  signIn(tab: Tab, result: AuthResult): void {
    const session = result.session_id
    this.#signingIn.add(session)
    const done = (): void => {
      this.check(!this.#signingIn.has(session), 'a sign-in resolved, but was not written')
      if (this.#overtaken.has(session)) this.#pendingRevocations.add(session)
    }
    const work = tab.manager.signIn(result)
    this.#track(
      { tab, session },
      work.then(done, () => this.#signingIn.delete(session)),
    )
  }

  /** Signs out of the session that the tab shows, and of those that the tab is signing in to. */
  signOut(tab: Tab): void {
    this.#markSignedOut(tab)
    const forgotten = this.#forgotten.get(tab) ?? new Set()
    this.#forgotten.set(tab, forgotten)
    const { id } = tab.manager.session() ?? {}
    if (id) forgotten.add(id)
    if (id) this.#signedOutBy(tab).add(id)
    const signIns = [...this.#userActions].flatMap((action) => (action.tab === tab && action.session) || [])
    for (const session of signIns) {
      forgotten.add(session)
      if (this.#signingIn.delete(session)) this.#overtaken.add(session)
    }
    // If the sign-out fails, the sign-ins may have succeeded.
    const failed = (): void => signIns.forEach((session) => session !== id && forgotten.delete(session))
    this.#track({ tab }, tab.manager.signOut().catch(failed))
  }

  /** The tab has crashed, and `successor` has opened in its place. */
  onCrash(tab: Tab, successor: Tab): void {
    for (const [call, by] of this.callers) if (by === tab) this.callers.delete(call)
    for (const action of this.#userActions) if (action.tab === tab) this.#userActions.delete(action)
    this.#lastSeen.set(successor, this.#history.length - 1)
    // A session that the tab showed and signed out must not come back, even if the tab crashed before the write (case B1).
    const signedOut = this.#signedOutBy(tab)
    this.#signedOut.set(successor, signedOut)
    this.#forgotten.set(successor, new Set(signedOut))
  }

  /** The storage was cleared. */
  onClear(): void {
    this.#history.push(undefined)
    this.#pendingRevocations.clear()
    this.#overtaken.clear()
  }

  /** Checks what the tabs show, and asks the server about the claims. */
  async checkAlways(tabs: readonly Tab[]): Promise<void> {
    for (const tab of tabs) {
      const { id } = tab.manager.session() ?? {}
      this.check(
        !id || !this.#forgotten.get(tab)?.has(id),
        'I2: a session came back after the user had ended it',
      )
    }
    for (const sessions of this.#claims.splice(0)) {
      const alive = await Promise.all(sessions.map(this.#isAlive))
      this.check(alive.includes(false), 'I5: signed out, but the session is alive at the server')
    }
  }

  /** Checks what must hold at rest, after each tab has asked for a token. Only the last round checks what the tabs got. */
  async checkAtRest(calls: readonly Promise<string | undefined>[], isLastRound: boolean): Promise<void> {
    this.check(!this.callers.size, 'L1: a caller waits forever')
    if (this.violation || !isLastRound) return
    const session = this.#history.at(-1)
    const expected = 'the stored session'
    const got = (await Promise.all(calls)).map((id) => (id === session ? expected : (id ?? 'nothing')))
    if (!session || (await this.#isAlive(session)))
      this.check(
        new Set(got).size === 1 && got[0] === expected,
        `I7: at rest, the tabs get ${got.join(', ')}`,
      )
    for (const id of this.#pendingRevocations)
      this.check(!(await this.#isAlive(id)), 'I8: a session that the user has ended is alive at the server')
  }

  /** The sessions that a tab may regard as the current one. */
  #possibleSessions(tab: Tab): readonly (string | undefined)[] {
    return this.#history.slice(this.#lastSeen.get(tab) ?? 0)
  }

  /** The sessions that a tab showed and signed out. Those of the tabs that it replaced count too. */
  #signedOutBy(tab: Tab): Set<string> {
    const sessions = this.#signedOut.get(tab) ?? new Set()
    this.#signedOut.set(tab, sessions)
    return sessions
  }

  #markSignedOut(tab: Tab): void {
    for (const id of this.#possibleSessions(tab)) if (id) this.#maybeSignedOut.add(id)
  }

  #track(action: UserAction, work: Promise<unknown>): void {
    this.#userActions.add(action)
    const done = (): void => void this.#userActions.delete(action)
    work.then(done, done)
  }
}
