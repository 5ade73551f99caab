import type { AuthResult } from '@tokenkeep/protocol'
import { offerPasskeys } from './autofill.ts'
import { createForm, type Form, type FormState, type Mode } from './form.ts'
import { managerFor, type ElementTokenManager } from './managers.ts'
import { toPasskeyError, PasskeyError } from './passkey-error.ts'
import { createPasskeys, supportsPasskeys, type Passkeys } from './passkeys.ts'
import { sheet } from './styles.ts'
import { withTexts, type PartialTexts, type Texts } from './texts.ts'

// A server has no HTMLElement. There the class is only imported, never created.
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement

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

  // Declared without a value: a page may set these before the browser upgrades the element, and they must stay.
  /** The manager that stores the session. Default: the registered one, or else one that the elements create. */
  declare manager: ElementTokenManager | undefined
  /** Receives the result of a sign-in or sign-up. If it is set, the element does not store the session. */
  declare onSuccess: ((result: AuthResult) => unknown) | undefined
  /**
   * Called before the sign-in or sign-up starts, and after the user chose a passkey in the autofill. If it returns or
   * resolves to false, the attempt ends. `identifier` is undefined if the user typed nothing.
   */
  declare beforeAuth: ((identifier: string | undefined) => unknown) | undefined
  /** The invitation for a sign-up, if the app has no public sign-up. Default: the attribute `invitation`. */
  declare invitation: string | undefined

  #texts: Texts = withTexts({})
  #state: FormState
  #form: Form
  /** Aborts the current ceremony: an offer in the autofill, or the sign-in or sign-up that the user started. */
  #ceremony: AbortController | undefined
  #unsubscribe: (() => void) | undefined

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
    this.#form.input.addEventListener('focus', () => void this.#offer())
    if (Object.hasOwn(this, 'texts')) {
      const { texts } = this
      delete (this as { texts?: unknown }).texts
      this.texts = texts
    }
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
    this.reset()
    if (!supportsPasskeys()) this.#fail(new PasskeyError('unsupported'))
    void this.#offer()
  }
  disconnectedCallback(): void {
    this.#ceremony?.abort()
    this.#unsubscribe?.()
  }

  /** Shows the empty form again. */
  reset(): void {
    this.#unsubscribe?.()
    this.#form.root.reset()
    this.#show({ phase: 'idle', error: undefined, invalid: false })
  }

  get #passkeys(): Passkeys {
    return createPasskeys(this.#address)
  }
  get #address() {
    const appId = this.getAttribute('app-id')
    if (!appId)
      throw new TypeError(
        `<${this.localName}> has no app-id: set the attribute app-id to the id of your app.`,
      )
    const storage = this.getAttribute('storage') === 'cookie' ? ('cookie' as const) : undefined
    return { server: this.getAttribute('server') ?? location.origin, appId, storage }
  }

  /** The property, or else the attribute: frameworks set the attribute if they do not know the property. */
  get #invitation(): string | undefined {
    return this.invitation ?? this.getAttribute('invitation') ?? undefined
  }

  #show(change: Partial<FormState>): void {
    this.#state = { ...this.#state, ...change }
    this.#form.show({ ...this.#state, invited: this.#invitation !== undefined }, this.#texts)
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
    if (isBusy || mode !== 'sign-in' || phase !== 'idle' || !supportsPasskeys()) return
    await this.#run(async (signal) => {
      const beforeFinish = async (): Promise<boolean> => {
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
    if (mode === 'sign-up' && !identifier && this.#invitation === undefined) {
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
        : passkeys.signUp(identifier, { signal, invitation: this.#invitation })
    })
    if (this.#state.phase === 'idle') void this.#offer()
  }

  /** Runs a ceremony. If another ceremony replaces it before it ends, its outcome is ignored. */
  async #run(start: (signal: AbortSignal) => Promise<AuthResult | undefined>): Promise<void> {
    const ceremony = new AbortController()
    this.#ceremony = ceremony
    try {
      const result = await start(ceremony.signal)
      if (result && !ceremony.signal.aborted) return await this.#complete(result)
      if (!ceremony.signal.aborted) this.#show({ phase: 'idle' })
    } catch (error) {
      if (!ceremony.signal.aborted) this.#fail(error)
    } finally {
      if (this.#ceremony === ceremony) this.#ceremony = undefined
    }
  }

  async #complete(result: AuthResult): Promise<void> {
    const isAccepted = this.dispatchEvent(new CustomEvent('success', { detail: result, cancelable: true }))
    if (this.onSuccess) await this.onSuccess(result)
    else if (isAccepted) await this.#store(result)
    this.#show({ phase: 'done', error: undefined })
    this.dispatchEvent(new CustomEvent('signed-in'))
  }

  async #store(result: AuthResult): Promise<void> {
    const manager = this.manager ?? managerFor(this.#address)
    await manager.signIn(result)
    // After a sign-out, the user sees the form again.
    this.#unsubscribe?.()
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
