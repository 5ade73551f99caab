import type { ProofSender, TokenManager } from '@tokenkeep/core'
import { createAccount, type Account } from './account.ts'
import { accountSheet } from './account-styles.ts'
import type { AccountChange } from './account-texts.ts'
import { createAccountView, type AccountLists, type AccountState, type AccountView } from './account-view.ts'
import { addressOf } from './address.ts'
import { Base } from './base.ts'
import type { CeremonyOptions } from './ceremonies.ts'
import { loadDeviceReader } from './device.ts'
import { adoptEarlyProperties } from './early-properties.ts'
import { managerFor } from './managers.ts'
import type { PasskeyErrorCode } from './passkey-error-code.ts'
import { toPasskeyError, type PasskeyError } from './passkey-error.ts'
import { sheet } from './styles.ts'
import { withTexts, type PartialTexts, type Texts } from './texts.ts'
import { createTimes, localeOf } from './times.ts'

/** The part of a token manager that `<tokenkeep-account>` uses. */
export type AccountElementManager = Pick<TokenManager, 'get' | 'getAuthToken' | 'subscribe'>

/** The events of `<tokenkeep-account>`. The detail of `changed` says what the user has changed. */
export interface AccountElementEvents {
  changed: CustomEvent<AccountChange>
  failure: CustomEvent<PasskeyError>
}

/** A manager that the element follows. */
interface Source {
  readonly manager: AccountElementManager
  readonly account: Account
  unsubscribe(): void
}

/** These errors say that the lists have changed elsewhere. */
const OUTDATED: ReadonlySet<PasskeyErrorCode> = new Set(['not-found', 'only-passkey'])

/**
 * `<tokenkeep-account>`: a page on which the user who is signed in sees and changes their passkeys and sessions. Its attributes are
 * `app-id` (required), `server` (default: the page's origin) and `storage` (`cookie`: the refresh token is in a cookie that no script
 * can read). `@tokenkeep/elements/define` defines it.
 *
 * @example
 * ```ts
 * import '@tokenkeep/elements/define'
 *
 * const element = document.createElement('tokenkeep-account')
 * element.setAttribute('app-id', 'shop')
 * element.setAttribute('server', 'https://auth.example.com')
 * element.addEventListener('changed', (event) => console.log((event as CustomEvent).detail)) // passkey-added
 * document.body.append(element)
 * ```
 */
export class AccountElement extends Base {
  static readonly observedAttributes: readonly string[] = ['app-id', 'server', 'storage']

  // The properties are accessors of the prototype. Frameworks look for them there, and set anything else as text.
  #manager: AccountElementManager | undefined
  #proof: ProofSender | undefined
  #texts: Texts = withTexts({})
  #state: AccountState = {}
  #view: AccountView
  /** What the page has set: whether it shows the element, and for which session. */
  #page: readonly unknown[] = []
  #source: Source | undefined
  /** Whose account is shown: a session, or the status of a manager that has none. */
  #owner: string | undefined
  /** Aborts what runs for this owner. */
  #work = new AbortController()

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [sheet(), accountSheet()]
    this.#view = createAccountView({
      add: () => void this.#change('passkey-added', (account, options) => account.passkeys.add(options)),
      rename: (id, name) =>
        this.#change('passkey-renamed', (account, options) => account.passkeys.rename(id, name, options)),
      remove: (id) =>
        void this.#change('passkey-removed', (account, options) => account.passkeys.remove(id, options)),
      end: (id) =>
        void this.#change('session-ended', (account, options) => account.sessions.end(id, options)),
      endOthers: () =>
        void this.#change('other-sessions-ended', (account, options) => account.sessions.endOthers(options)),
      retry: () => this.reload(),
    })
    root.append(this.#view.root)
    adoptEarlyProperties(this, ['manager', 'proof', 'texts'])
  }

  /** The manager of the session. Default: the registered one, or else one that the elements create. */
  get manager(): AccountElementManager | undefined {
    return this.#manager
  }
  set manager(manager: AccountElementManager | undefined) {
    this.#manager = manager
    this.#follow()
  }

  /** Pass `sendProof` of `@tokenkeep/core` if the manager's transport is `withProof(…)`. Default: no proof. */
  get proof(): ProofSender | undefined {
    return this.#proof
  }
  set proof(proof: ProofSender | undefined) {
    this.#proof = proof
    this.#follow()
  }

  /** The texts to show. Missing ones are English. Default: `english`. */
  get texts(): PartialTexts {
    return this.#texts
  }
  set texts(texts: PartialTexts) {
    this.#texts = withTexts(texts)
    this.#show({})
  }

  connectedCallback(): void {
    this.#follow()
  }
  disconnectedCallback(): void {
    this.#follow()
  }
  attributeChangedCallback(): void {
    this.#follow()
  }

  /** Loads the lists once more, for example after the page has changed something itself. Ends what runs. */
  reload(): void {
    if (!this.#source) this.#follow()
    else if (!this.#state.isSignedOut) void this.#load({ message: undefined })
  }

  /** Follows the manager that the page has set. It waits for the end of the task: an element that is only moved is connected again by then. */
  #follow(): void {
    queueMicrotask(() => {
      const attributes = AccountElement.observedAttributes.map((name) => this.getAttribute(name))
      const page = [this.isConnected, this.#manager, this.#proof, ...attributes]
      if (page.every((value, at) => value === this.#page[at])) return
      this.#page = page
      this.#source?.unsubscribe()
      this.#source = undefined
      this.#forget({})
      if (this.isConnected) this.#connect()
    })
  }

  #connect(): void {
    try {
      const address = addressOf(this)
      const manager = this.#manager ?? managerFor(address)
      const account = createAccount({ ...address, manager, proof: this.#proof })
      const unsubscribe = manager.subscribe(() => this.#look())
      this.#source = { manager, account, unsubscribe }
      this.#look()
    } catch (error) {
      // The page can be mended while it is open.
      this.#page = []
      this.#fail(error)
    }
  }

  /** Shows the account of the session that the manager has now. */
  #look(): void {
    const { status, session } = this.#source!.manager.get()
    const owner = session ? `${session.userId} ${session.id}` : status
    if (owner === this.#owner) return
    // Until the storage has been read, nobody knows whether somebody is signed in.
    this.#forget(status === 'signed-out' ? { isSignedOut: true } : { isBusy: true })
    this.#owner = owner
    if (session) void this.#load({})
  }

  /** Ends what runs, and forgets what belongs to the user who was signed in. */
  #forget(state: AccountState): void {
    this.#work.abort()
    this.#work = new AbortController()
    this.#owner = undefined
    this.#state = {}
    this.#show(state)
  }

  async #load(change: AccountState): Promise<void> {
    this.#work.abort()
    const { signal } = (this.#work = new AbortController())
    this.#show({ ...change, isBusy: true, error: undefined })
    try {
      const lists = await read(this.#source!.account, { signal })
      if (!signal.aborted) this.#show({ lists, isBusy: false })
    } catch (error) {
      if (!this.#isOver(signal)) this.#fail(error)
    }
  }

  /** Makes a change, and loads the lists once more. Resolves to whether the change was made. */
  async #change(
    change: AccountChange,
    make: (account: Account, options: CeremonyOptions) => Promise<unknown>,
  ): Promise<boolean> {
    if (this.#state.isBusy || !this.#source) return false
    const { waiting, account: texts } = this.#texts
    const section = change.startsWith('passkey') ? 'passkeys' : 'sessions'
    const say = (text: string, isError = false) => ({ section, text, isError }) as const
    const { signal } = this.#work
    this.#show({ isBusy: true, message: change === 'passkey-added' ? say(waiting) : undefined })
    const error = await make(this.#source.account, { signal }).then(() => undefined, toPasskeyError)
    if (this.#isOver(signal)) return false
    if (error) {
      // To close the prompt is a choice, not an error.
      this.#show({ isBusy: false, message: say(this.#textOf(error), error.code !== 'cancelled') })
      this.#report(error)
    } else {
      this.#show({ isBusy: false, message: say(texts.changed[change]) })
      this.dispatchEvent(new CustomEvent('changed', { detail: change }))
    }
    // A listener can have signed the user out.
    if (!signal.aborted && (!error || OUTDATED.has(error.code))) await this.#load({})
    return !error
  }

  /** Whether an outcome is of no interest: the session has ended, or the element shows another one. */
  #isOver(signal: AbortSignal): boolean {
    // The call may have found out before the manager says so.
    if (!signal.aborted) this.#look()
    return signal.aborted
  }

  #show(change: AccountState): void {
    this.#state = { ...this.#state, ...change }
    const language = localeOf(this, this.#texts.language)
    this.#view.show(this.#state, { texts: this.#texts.account, times: createTimes(language), language })
  }

  #fail(cause: unknown): void {
    const error = toPasskeyError(cause)
    this.#show({ isBusy: false, error: this.#textOf(error) })
    this.#report(error)
  }

  #textOf({ code }: PasskeyError): string {
    const own: Partial<Record<PasskeyErrorCode, string>> = this.#texts.account.errors
    return own[code] ?? this.#texts.errors[code]
  }

  #report(error: PasskeyError): void {
    this.dispatchEvent(new CustomEvent('failure', { detail: error }))
    // The user can do nothing about these. Their reason is for the page's author.
    // oxlint-disable-next-line no-console
    if (['failed', 'wrong-address'].includes(error.code)) console.error(error)
  }
}

async function read(account: Account, options: CeremonyOptions): Promise<AccountLists> {
  const [passkeys, sessions, readDevice] = await Promise.all([
    account.passkeys.list(options),
    account.sessions.list(options),
    loadDeviceReader(),
  ])
  const shown = sessions.map((session) => ({ ...session, device: readDevice(session.userAgent) }))
  // The one of this browser is the first, and then the one that was last active. Firefox 113 has no `toSorted`.
  // oxlint-disable-next-line unicorn/no-array-sort
  shown.sort((a, b) => Number(b.current) - Number(a.current) || b.lastActiveAt - a.lastActiveAt)
  return { passkeys, sessions: shown }
}
