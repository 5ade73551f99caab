import type { AuthResult } from '@tokenkeep/protocol'
import { addressOf, mistakeOf } from './address.ts'
import { offerPasskeys } from './autofill.ts'
import { adoptEarlyProperties } from './early-properties.ts'
import { Base } from './base.ts'
import { createForm, type Form, type FormState, type Mode } from './form.ts'
import { managerFor, type ElementTokenManager } from './managers.ts'
import { toPasskeyError, PasskeyError } from './passkey-error.ts'
import { obstacle } from './obstacle.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { sheet } from './styles.ts'
import { withTexts, type PartialTexts, type Texts } from './texts.ts'

/** A focus offers passkeys again after this time: a browser may refuse each offer, and each one costs a request. Milliseconds. */
const OFFER_PAUSE = 10_000

/** What a page sets by the properties of the same names. */
interface ElementSettings {
  manager?: ElementTokenManager | undefined
  storeSession?: ((result: AuthResult) => unknown) | undefined
  beforeAuth?: ((identifier: string | undefined) => unknown) | undefined
  invitation?: string | undefined
}

/** The events of the elements. If a listener calls `preventDefault()` on `success`, the element does not store the session. */
export interface AuthElementEvents {
  success: CustomEvent<AuthResult>
  'signed-in': CustomEvent<void>
  failure: CustomEvent<PasskeyError>
}

/**
 * `<tokenkeep-auth>`: signs users in with a passkey. It has a button that changes to the sign-up form. Its attributes are
 * `app-id` (required), `server` (default: the page's origin), `storage` (`cookie`: the refresh token is in a cookie that no script
 * can read) and `invitation`. `@tokenkeep/elements/define` defines it.
 *
 * @example
 * ```ts
 * import '@tokenkeep/elements/define'
 *
 * const element = document.createElement('tokenkeep-auth')
 * element.setAttribute('app-id', 'shop')
 * element.setAttribute('server', 'https://auth.example.com')
 * element.addEventListener('signed-in', () => location.assign('/orders'))
 * document.body.append(element)
 * ```
 */
export class AuthElement extends Base {
  /** The forms that the element has. It shows the first one. */
  static readonly modes: readonly Mode[] = ['sign-in', 'sign-up']

  static readonly observedAttributes: readonly string[] = ['app-id', 'server']

  // The properties are accessors of the prototype. Frameworks look for them there, and set anything else as text.
  #settings: ElementSettings = {}
  #texts: Texts = withTexts({})
  #state: FormState
  #form: Form
  /** Aborts the current ceremony: an offer in the autofill, or the sign-in or sign-up that the user started. */
  #ceremony: AbortController | undefined
  #unsubscribe: (() => void) | undefined
  /** When passkeys were last offered in the autofill. Milliseconds of `performance.now()`. */
  #offeredAt = -Infinity

  constructor() {
    super()
    const { modes } = this.constructor as typeof AuthElement
    this.#state = { mode: modes[0]!, phase: 'idle' }
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true })
    root.adoptedStyleSheets = [sheet()]
    this.#form = createForm(modes.length > 1, () => this.#switch())
    root.append(this.#form.root)
    this.#form.root.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#submit()
    })
    this.#form.input.addEventListener('focus', () => {
      if (performance.now() - this.#offeredAt > OFFER_PAUSE) void this.#offer()
    })
    adoptEarlyProperties(this, ['manager', 'storeSession', 'beforeAuth', 'invitation', 'texts'])
  }

  /** The manager that stores the session. Default: the registered one, or else one that the elements create. */
  get manager(): ElementTokenManager | undefined {
    return this.#settings.manager
  }
  set manager(manager: ElementTokenManager | undefined) {
    this.#settings.manager = manager
  }

  /** Receives the result of a sign-in or sign-up, and stores it. If it is set, the element stores nothing. */
  get storeSession(): ElementSettings['storeSession'] {
    return this.#settings.storeSession
  }
  set storeSession(storeSession: ElementSettings['storeSession']) {
    this.#settings.storeSession = storeSession
  }

  /**
   * Called before the sign-in or sign-up starts, and after the user chose a passkey in the autofill. If it returns or
   * resolves to false, the attempt ends. `identifier` is undefined if the user typed nothing.
   */
  get beforeAuth(): ElementSettings['beforeAuth'] {
    return this.#settings.beforeAuth
  }
  set beforeAuth(beforeAuth: ElementSettings['beforeAuth']) {
    this.#settings.beforeAuth = beforeAuth
  }

  /** The invitation for a sign-up, if the app has no public sign-up. Default: the attribute `invitation`. */
  get invitation(): string | undefined {
    return this.#settings.invitation ?? this.getAttribute('invitation') ?? undefined
  }
  set invitation(invitation: string | undefined) {
    this.#settings.invitation = invitation
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
    if (this.#state.phase !== 'idle') return
    this.#show({})
    const code = obstacle(this.#state.mode === 'sign-in' ? 'get' : 'create')
    if (code && !this.#state.error) this.#fail(new PasskeyError(code))
    void this.#offer()
  }
  disconnectedCallback(): void {
    // An element that is only moved is connected again by then. It keeps its text and its ceremony.
    queueMicrotask(() => {
      if (!this.isConnected) this.#stop()
    })
  }
  attributeChangedCallback(): void {
    if (!this.isConnected || this.#state.phase !== 'idle') return
    this.#ceremony?.abort()
    void this.#offer()
  }

  /** Ends the sign-in or sign-up that runs, and shows the empty form. */
  reset(): void {
    this.#stop()
    this.#form.root.reset()
  }

  #stop(): void {
    this.#ceremony?.abort()
    this.#unsubscribe?.()
    this.#show({ phase: 'idle', error: undefined, invalid: false })
  }

  get #passkeys(): Passkeys {
    return createPasskeys(addressOf(this))
  }

  #show(change: Partial<FormState>): void {
    this.#state = { ...this.#state, ...change }
    this.#form.show({ ...this.#state, invited: this.invitation !== undefined }, this.#texts)
  }

  #switch(): void {
    this.#ceremony?.abort()
    const mode = this.#state.mode === 'sign-in' ? 'sign-up' : 'sign-in'
    this.#show({ mode, phase: 'idle', error: undefined, invalid: false })
    this.#form.input.focus()
    void this.#offer()
  }

  async #offer(): Promise<void> {
    const { mode, phase } = this.#state
    const isBusy = this.#ceremony && !this.#ceremony.signal.aborted
    if (isBusy || mode !== 'sign-in' || phase !== 'idle' || obstacle('get') || mistakeOf(this)) return
    this.#offeredAt = performance.now()
    await this.#run(async (signal) => {
      const beforeFinish = async (): Promise<boolean> => {
        // The offer is used up. If the sign-in fails, the next focus offers again.
        this.#offeredAt = -Infinity
        this.#show({ phase: 'busy', error: undefined })
        return (await this.beforeAuth?.(undefined)) !== false
      }
      return offerPasskeys(this.#passkeys, { signal, beforeFinish })
    })
  }

  async #submit(): Promise<void> {
    const { mode, phase } = this.#state
    const { input } = this.#form
    if (phase !== 'idle') return
    const identifier = input.value.trim() || undefined
    // An invitation can name its user.
    if (mode === 'sign-up' && !identifier && this.invitation === undefined) {
      this.#show({ error: this.#texts.missingIdentifier, invalid: true })
      return input.focus()
    }
    this.#ceremony?.abort()
    this.#show({ phase: 'busy', error: undefined, invalid: false })
    await this.#run(async (signal) => {
      if ((await this.beforeAuth?.(identifier)) === false) return undefined
      const passkeys = this.#passkeys
      return mode === 'sign-in'
        ? passkeys.signIn(identifier, { signal })
        : passkeys.signUp(identifier, { signal, invitation: this.invitation })
    })
    if (this.#state.phase === 'idle') void this.#offer()
  }

  /** Runs a ceremony. If another ceremony replaces it before it ends, its outcome is ignored. */
  async #run(start: (signal: AbortSignal) => Promise<AuthResult | undefined>): Promise<void> {
    const ceremony = new AbortController()
    this.#ceremony = ceremony
    try {
      const result = await start(ceremony.signal)
      if (result && !ceremony.signal.aborted) return await this.#complete(result, ceremony.signal)
      if (!ceremony.signal.aborted) this.#show({ phase: 'idle' })
    } catch (error) {
      if (!ceremony.signal.aborted) this.#fail(error)
    } finally {
      if (this.#ceremony === ceremony) this.#ceremony = undefined
    }
  }

  async #complete(result: AuthResult, signal: AbortSignal): Promise<void> {
    const isAccepted = this.dispatchEvent(new CustomEvent('success', { detail: result, cancelable: true }))
    if (this.storeSession) await this.storeSession(result)
    else if (isAccepted) await this.#store(result, signal)
    if (!signal.aborted) this.#show({ phase: 'done', error: undefined })
    this.dispatchEvent(new CustomEvent('signed-in'))
  }

  async #store(result: AuthResult, signal: AbortSignal): Promise<void> {
    const manager = this.manager ?? managerFor(addressOf(this))
    await manager.signIn(result)
    if (signal.aborted) return
    // After a sign-out, the user sees the form again.
    this.#unsubscribe = manager.subscribe(({ status }) => {
      if (status === 'signed-out') this.reset()
    })
  }

  #fail(cause: unknown): void {
    const error = toPasskeyError(cause)
    const invalid = ['unknown-user', 'no-passkey', 'taken', 'invalid-identifier'].includes(error.code)
    const isMissing = error.code === 'invalid-identifier' && !this.#form.input.value.trim()
    const text = isMissing ? this.#texts.missingIdentifier : this.#texts.errors[error.code]
    this.#show({ phase: 'idle', error: text, invalid })
    this.dispatchEvent(new CustomEvent('failure', { detail: error }))
    // The user can do nothing about these. Their reason is for the page's author.
    // oxlint-disable-next-line no-console
    if (['failed', 'wrong-address'].includes(error.code)) console.error(error)
  }
}

/**
 * `<tokenkeep-login>`: like `<tokenkeep-auth>`, but for sign-in only.
 *
 * @example
 * ```ts
 * import '@tokenkeep/elements/define'
 *
 * const element = document.createElement('tokenkeep-login')
 * element.setAttribute('app-id', 'shop')
 * document.body.append(element)
 * ```
 */
export class LoginElement extends AuthElement {
  static override readonly modes: readonly Mode[] = ['sign-in']
}

/**
 * `<tokenkeep-register>`: like `<tokenkeep-auth>`, but for sign-up only.
 *
 * @example
 * ```ts
 * import '@tokenkeep/elements/define'
 *
 * const element = document.createElement('tokenkeep-register')
 * element.setAttribute('app-id', 'shop')
 * element.invitation = new URLSearchParams(location.search).get('invitation') ?? undefined
 * document.body.append(element)
 * ```
 */
export class RegisterElement extends AuthElement {
  static override readonly modes: readonly Mode[] = ['sign-up']
}
