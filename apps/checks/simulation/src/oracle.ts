import { isTokenError, type GetAuthTokenOptions, type TokenError } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Tab } from './device.ts'

const sessionOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid

/** The person signs in (with a session) or out, in a tab. */
interface Act {
  readonly tab: Tab
  readonly session?: string
}

/** Follows a walk and checks the invariants, which `docs/cross-tab.md` describes. */
export class Oracle {
  /** The first invariant that did not hold. */
  broken: string | undefined
  /** The calls that wait for a token. */
  readonly asking = new Map<Promise<unknown>, Tab>()
  /** The sign-ins and sign-outs that are running. */
  readonly acting = new Set<Act>()
  readonly #alive: (session: string) => Promise<boolean>
  /** The ids of the sessions that the storage has held, in order. Undefined means no session. */
  readonly #history: (string | undefined)[] = [undefined]
  /** The position in the history that each tab has read. */
  readonly #looked = new WeakMap<Tab, number>()
  /** Sessions that may still be stored: their sign-in has not failed, and no sign-out came after it. */
  readonly #opening = new Set<string>()
  /** Sessions that must not be stored any more, because a sign-out came after their sign-in. */
  readonly #overtaken = new Set<string>()
  /** Sessions that a sign-out may have ended. */
  readonly #left = new Set<string>()
  /** The sessions that each tab must have forgotten at once. */
  readonly #forgotten = new WeakMap<Tab, Set<string>>()
  /** Sessions whose end the server must learn. */
  readonly #pendingRevocations = new Set<string>()
  /** Lists of sessions. A tab claims that one session of each list has ended at the server. */
  readonly #claims: (readonly string[])[] = []

  constructor(alive: (session: string) => Promise<boolean>) {
    this.#alive = alive
  }

  check(holds: boolean, invariant: string): void {
    if (!holds) this.broken ??= invariant
  }

  /** Called at each transaction. Call the returned function when the tab gets the result: `inTime` unless the manager may have given up. */
  committed(
    tab: Tab,
    before: SessionRecord | undefined,
    after: SessionRecord | undefined,
  ): (inTime: boolean) => void {
    if (before?.epoch === after?.epoch)
      this.check((after?.generation ?? 0) >= (before?.generation ?? 0), 'I4: the generation went back')
    else {
      this.#history.push(after?.session?.id)
      if (before?.session) this.#pendingRevocations.add(before.session.id)
      if (after?.session) this.check(this.#opening.delete(after.session.id), 'I2: a session came back')
      else if (before?.session && after?.reason !== 'signed-out') this.#claims.push([before.session.id])
    }
    const now = this.#history.length - 1
    return (inTime) => {
      if ([...this.acting].some((act) => act.tab === tab && !act.session)) this.#leave(tab)
      if (inTime) this.#looked.set(tab, now)
    }
  }

  /** Asks for a token. The result must be true for some moment since the tab last read the storage. */
  ask(tab: Tab, options?: GetAuthTokenOptions): Promise<string | undefined> {
    const asked = tab.manager.getAuthToken(options).then(
      (token) => {
        const id = sessionOf(token)
        const isTrue = this.#known(tab).includes(id) && !this.#forgotten.get(tab)?.has(id)
        this.check(isTrue, 'I3: a token of another session')
        return id
      },
      (error: TokenError) => {
        this.check(isTokenError(error), `an error of another kind: ${error}`)
        if (error.code !== 'sign-in-required') return error.code
        const known = this.#known(tab)
        if (error.reason === 'unreadable' || known.some((id) => !id || this.#left.has(id))) return undefined
        const isEnd = error.reason !== 'none' && error.reason !== 'signed-out'
        this.check(isEnd, 'I5: asked to sign in without a sign-out')
        this.#claims.push(known as string[])
        return undefined
      },
    )
    this.asking.set(asked, tab)
    void asked.finally(() => this.asking.delete(asked))
    return asked
  }

  signIn(tab: Tab, result: AuthResult): void {
    const session = result.session_id
    this.#opening.add(session)
    const work = tab.manager.signIn(result)
    const done = (): void => {
      this.check(!this.#opening.has(session), 'a sign-in succeeded but stored no session')
      if (this.#overtaken.has(session)) this.#pendingRevocations.add(session)
    }
    this.#act(
      { tab, session },
      work.then(done, () => this.#opening.delete(session)),
    )
  }

  /** Signs out of the session that the tab shows and of those that it is signing in to, unless a sign-in rejects. */
  signOut(tab: Tab): void {
    this.#leave(tab)
    const forgotten = this.#forgotten.get(tab) ?? new Set()
    this.#forgotten.set(tab, forgotten)
    const { id } = tab.manager.session() ?? {}
    if (id) forgotten.add(id)
    const begun = [...this.acting].flatMap((act) => (act.tab === tab && act.session) || [])
    for (const session of begun) {
      forgotten.add(session)
      if (this.#opening.delete(session)) this.#overtaken.add(session)
    }
    const failed = (): void => begun.forEach((session) => session !== id && forgotten.delete(session))
    this.#act({ tab }, tab.manager.signOut().catch(failed))
  }

  crashed(tab: Tab, successor: Tab): void {
    for (const [asked, by] of this.asking) if (by === tab) this.asking.delete(asked)
    for (const act of this.acting) if (act.tab === tab) this.acting.delete(act)
    this.#looked.set(successor, this.#history.length - 1)
  }

  cleared(): void {
    this.#history.push(undefined)
    this.#pendingRevocations.clear()
    this.#overtaken.clear()
  }

  /** Checks what the tabs show, and whether the server agrees with their claims. */
  async look(tabs: readonly Tab[]): Promise<void> {
    for (const tab of tabs) {
      const { id } = tab.manager.session() ?? {}
      this.check(!id || !this.#forgotten.get(tab)?.has(id), 'I2: a session came back')
    }
    for (const sessions of this.#claims.splice(0)) {
      const alive = await Promise.all(sessions.map(this.#alive))
      this.check(alive.includes(false), 'I5: signed out, though the session is alive')
    }
  }

  /** Checks the end of a walk: every tab has asked for a token, and nothing more can happen. */
  async lookAtRest(asked: readonly Promise<string | undefined>[], last: boolean): Promise<void> {
    this.check(!this.asking.size, 'L1: a caller never gets an answer')
    if (this.broken || !last) return
    const session = this.#history.at(-1)
    const got = (await Promise.all(asked)).map((id) =>
      id === session ? 'the stored session' : (id ?? 'nothing'),
    )
    if (!session || (await this.#alive(session)))
      this.check(
        new Set(got).size === 1 && got[0] === 'the stored session',
        `I7: at rest, tabs get ${got.join(', ')}`,
      )
    for (const id of this.#pendingRevocations)
      this.check(!(await this.#alive(id)), 'I8: a signed-out session is still alive at the server')
  }

  /** The sessions that a tab may know since it last read the storage. */
  #known(tab: Tab): readonly (string | undefined)[] {
    return this.#history.slice(this.#looked.get(tab) ?? 0)
  }

  #leave(tab: Tab): void {
    for (const id of this.#known(tab)) if (id) this.#left.add(id)
  }

  #act(act: Act, work: Promise<unknown>): void {
    this.acting.add(act)
    const done = (): void => void this.acting.delete(act)
    work.then(done, done)
  }
}
