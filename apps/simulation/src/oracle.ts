import { isTokenError, type GetAuthTokenOptions, type TokenError } from '@tokenkeep/core'
import type { SessionRecord } from '@tokenkeep/core/cross-tab'
import type { AuthResult } from '@tokenkeep/protocol'
import type { Tab } from './device.ts'

const sessionOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sid: string }).sid

/** Follows a walk, and knows what must hold. `docs/cross-tab.md` says what the invariants are. */
export class Oracle {
  /** The first invariant that did not hold. */
  broken: string | undefined
  /** Who waits for a token. */
  readonly asking = new Map<Promise<unknown>, Tab>()
  /** Tabs in which the person signs in or out just now. */
  readonly acting = new Set<Tab>()
  readonly #alive: (session: string) => Promise<boolean>
  /** Whose session the storage has held, one after the other; undefined: nobody's. */
  readonly #history: (string | undefined)[] = [undefined]
  /** How far in it each tab has looked. */
  readonly #looked = new WeakMap<Tab, number>()
  /** Sessions whose sign-in is not in storage yet. */
  readonly #opening = new Set<string>()
  /** Tabs in which the person signs out just now, and the sessions that this may be the end of. */
  readonly #leaving = new Set<Tab>()
  readonly #left = new Set<string>()
  /** The session that a tab was to forget at once. */
  readonly #forgotten = new WeakMap<Tab, string | undefined>()
  /** Sessions that the server is to hear of. */
  readonly #farewells = new Set<string>()
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
      this.check((after?.seq ?? 0) >= (before?.seq ?? 0), 'I4: seq went back')
    else {
      this.#history.push(after?.session?.id)
      if (before?.session) this.#farewells.add(before.session.id)
      if (after?.session) this.check(this.#opening.delete(after.session.id), 'I2: a session came back')
      else if (before?.session && after?.reason !== 'signed-out') this.#claims.push([before.session.id])
    }
    const now = this.#history.length - 1
    return (inTime) => {
      if (this.#leaving.has(tab)) this.#leave(tab)
      if (inTime) this.#looked.set(tab, now)
    }
  }

  /** Asks for a token. Whatever comes must be true of a moment since the tab last looked. */
  ask(tab: Tab, options?: GetAuthTokenOptions): Promise<string | undefined> {
    const asked = tab.manager.getAuthToken(options).then(
      (token) => {
        const id = sessionOf(token)
        const isTrue = this.#known(tab).includes(id) && this.#forgotten.get(tab) !== id
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
    this.#opening.add(result.session_id)
    this.#act(tab, tab.manager.signIn(result))
  }

  signOut(tab: Tab): void {
    this.#leave(tab)
    this.#leaving.add(tab)
    this.#forgotten.set(tab, tab.manager.session()?.id)
    this.#act(tab, tab.manager.signOut())
  }

  crashed(tab: Tab, successor: Tab): void {
    for (const [asked, by] of this.asking) if (by === tab) this.asking.delete(asked)
    this.#looked.set(successor, this.#history.length - 1)
  }

  cleared(): void {
    this.#history.push(undefined)
    this.#farewells.clear()
  }

  /** What the server says to what was said of it. */
  async look(): Promise<void> {
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
    for (const id of this.#farewells)
      this.check(!(await this.#alive(id)), 'I8: a session that was left lives on at the server')
  }

  /** What a tab may know, since it last looked. */
  #known(tab: Tab): readonly (string | undefined)[] {
    return this.#history.slice(this.#looked.get(tab) ?? 0)
  }

  #leave(tab: Tab): void {
    for (const id of this.#known(tab)) if (id) this.#left.add(id)
  }

  #act(tab: Tab, work: Promise<void>): void {
    this.acting.add(tab)
    const done = (): void => {
      this.acting.delete(tab)
      this.#leaving.delete(tab)
    }
    work.then(done, done)
  }
}
