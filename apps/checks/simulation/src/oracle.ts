import { isTokenError, type GetAuthTokenOptions, type TokenError } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Tab } from './device.ts'

const sessionOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid

/** The person signs in to a session in some tab, or out. */
interface Act {
  readonly tab: Tab
  readonly session?: string
}

/** Follows a walk, and knows what must hold. `docs/cross-tab.md` says what the invariants are. */
export class Oracle {
  /** The first invariant that did not hold. */
  broken: string | undefined
  /** Who waits for a token. */
  readonly asking = new Map<Promise<unknown>, Tab>()
  /** What the person does just now. */
  readonly acting = new Set<Act>()
  readonly #alive: (session: string) => Promise<boolean>
  /** Whose session the storage has held, one after the other; undefined: nobody's. */
  readonly #history: (string | undefined)[] = [undefined]
  /** How far in it each tab has looked. */
  readonly #looked = new WeakMap<Tab, number>()
  /** Sessions that may still come into storage: nobody was told that they will not, or signed out after them. */
  readonly #opening = new Set<string>()
  /** Those that must not any more, for a sign-out came after them. */
  readonly #overtaken = new Set<string>()
  /** Sessions that a sign-out may be the end of. */
  readonly #left = new Set<string>()
  /** The sessions that a tab was to forget at once. */
  readonly #forgotten = new WeakMap<Tab, Set<string>>()
  /** Sessions that the server is to hear of. */
  readonly #pendingRevocations = new Set<string>()
  /** Sessions of which one is over at the server, as a tab says. */
  readonly #claims: (readonly string[])[] = []

  constructor(alive: (session: string) => Promise<boolean>) {
    this.#alive = alive
  }

  check(holds: boolean, invariant: string): void {
    if (!holds) this.broken ??= invariant
  }

  /** A transaction; to what it returns goes when the tab hears of it, and whether it did not wait too long. */
  committed(
    tab: Tab,
    before: SessionRecord | undefined,
    after: SessionRecord | undefined,
  ): (inTime: boolean) => void {
    if (before?.epoch === after?.epoch)
      this.check((after?.generation ?? 0) >= (before?.generation ?? 0), 'I4: generation went back')
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

  /** Asks for a token. Whatever comes must be true of a moment since the tab last looked. */
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
        this.check(isEnd, 'I5: asked to sign in, though nobody left')
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
      this.check(!this.#opening.has(session), 'a sign-in came to nothing')
      if (this.#overtaken.has(session)) this.#pendingRevocations.add(session)
    }
    this.#act(
      { tab, session },
      work.then(done, () => this.#opening.delete(session)),
    )
  }

  /** Of what the tab shows, and of what is being signed in to there: of that, unless it rejects. */
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

  /** What the tabs show; and what the server says to what was said of it. */
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

  /** All have asked, and nothing more happens by itself. */
  async lookAtRest(asked: readonly Promise<string | undefined>[], last: boolean): Promise<void> {
    this.check(!this.asking.size, 'L1: somebody waits for ever')
    if (this.broken || !last) return
    const session = this.#history.at(-1)
    const got = (await Promise.all(asked)).map((id) => (id === session ? 'what is there' : (id ?? 'nothing')))
    if (!session || (await this.#alive(session)))
      this.check(
        new Set(got).size === 1 && got[0] === 'what is there',
        `I7: at rest, tabs get ${got.join(', ')}`,
      )
    for (const id of this.#pendingRevocations)
      this.check(!(await this.#alive(id)), 'I8: a session that was left lives on at the server')
  }

  /** What a tab may know, since it last looked. */
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
