import type { AuthResult } from '@tokenkeep/protocol'
import { offerPasskeys } from './autofill.ts'
import { createForm, type Form, type FormState, type Mode } from './form.ts'
import { managerFor, type SessionKeeper } from './managers.ts'
import { asPasskeyError, PasskeyError } from './passkey-error.ts'
import { createPasskeys, supportsPasskeys, type Passkeys } from './passkeys.ts'
import { sheet } from './styles.ts'
import { withTexts, type PartialTexts, type Texts } from './texts.ts'

// Where pages are rendered on a server there is no HTMLElement, and no element to make.
const Base = (globalThis.HTMLElement ?? Object) as typeof HTMLElement

/** What its events carry. `success` can be cancelled: then the session is not stored. */
export interface AuthElementEvents {
  success: CustomEvent<AuthResult>
  'signed-in': CustomEvent<void>
  failure: CustomEvent<PasskeyError>
}

/** Signs people in and up with passkeys. Attributes: `server` (default: the page's origin) and `app-id`. */
export class AuthElement extends Base {
  static readonly modes: readonly Mode[] = ['sign-in', 'sign-up']

  // Declared, not defined: what a page has set before the element was upgraded stays.
  /** Where the session is kept. Default: the registered manager, or one of the element's own. */
  declare manager: SessionKeeper | undefined
  /** Takes the AuthResult: the element then stores nothing. */
  declare onSuccess: ((result: AuthResult) => unknown) | undefined
  /** Asked before anything is sent; false ends the attempt. No identifier where the person chose a passkey. */
  declare beforeAuth: ((identifier: string | undefined) => unknown) | undefined
  /** For a sign-up where the app has no public one. */
  declare invitation: string | undefined

  #texts: Texts = withTexts({})
  #state: FormState
  #form: Form
  /** What is under way: an offer in the autofill, or what the person asked for. */
  #ceremony: AbortController | undefined
  #stopWatching: (() => void) | undefined

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

  get texts(): PartialTexts {
    return this.#texts
  }
  /** Words of your own, or a whole catalogue. Default: English. */
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
    this.#stopWatching?.()
  }

  /** Back to the empty form. */
  reset(): void {
    this.#stopWatching?.()
    this.#form.root.reset()
    this.#show({ phase: 'idle', error: undefined, invalid: false })
  }

  get #passkeys(): Passkeys {
    return createPasskeys(this.#address)
  }
  get #address() {
    const appId = this.getAttribute('app-id')
    if (!appId) throw new TypeError(`<${this.localName}> needs an app-id`)
    return { server: this.getAttribute('server') ?? location.origin, appId }
  }

  /** Frameworks that know no property of that name set the attribute. */
  get #invitation(): string | undefined {
    return this.invitation ?? this.getAttribute('invitation') ?? undefined
  }

  #show(change: Partial<FormState>): void {
    this.#state = { ...this.#state, ...change }
    this.#form.show(this.#state, this.#texts)
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
    const free = !this.#ceremony || this.#ceremony.signal.aborted
    if (!free || mode !== 'sign-in' || phase !== 'idle' || !supportsPasskeys()) return
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
    if (mode === 'sign-up' && !identifier) {
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
        : passkeys.signUp(identifier!, { signal, invitation: this.#invitation })
    })
    if (this.#state.phase === 'idle') void this.#offer()
  }

  /** One ceremony at a time: whatever comes of an older one is nobody's concern. */
  async #run(way: (signal: AbortSignal) => Promise<AuthResult | undefined>): Promise<void> {
    const ceremony = new AbortController()
    this.#ceremony = ceremony
    try {
      const result = await way(ceremony.signal)
      if (result && !ceremony.signal.aborted) return await this.#complete(result)
      if (!ceremony.signal.aborted) this.#show({ phase: 'idle' })
    } catch (error) {
      if (!ceremony.signal.aborted) this.#fail(error)
    } finally {
      if (this.#ceremony === ceremony) this.#ceremony = undefined
    }
  }

  async #complete(result: AuthResult): Promise<void> {
    const own = this.dispatchEvent(new CustomEvent('success', { detail: result, cancelable: true }))
    if (this.onSuccess) await this.onSuccess(result)
    else if (own) await this.#keep(result)
    this.#show({ phase: 'done', error: undefined })
    this.dispatchEvent(new CustomEvent('signed-in'))
  }

  async #keep(result: AuthResult): Promise<void> {
    const manager = this.manager ?? managerFor(this.#address)
    await manager.signIn(result)
    // Whoever signs out finds the form again.
    this.#stopWatching?.()
    this.#stopWatching = manager.subscribe(({ status }) => {
      if (status === 'signed-out') this.reset()
    })
  }

  #fail(cause: unknown): void {
    const error = asPasskeyError(cause)
    const invalid = ['unknown-user', 'no-passkey', 'taken', 'invalid-identifier'].includes(error.code)
    this.#show({ phase: 'idle', error: this.#texts.errors[error.code], invalid })
    this.dispatchEvent(new CustomEvent('failure', { detail: error }))
  }
}

/** `<tokenkeep-login>`: sign-in only. */
export class LoginElement extends AuthElement {
  static override readonly modes: readonly Mode[] = ['sign-in']
}

/** `<tokenkeep-register>`: sign-up only. */
export class RegisterElement extends AuthElement {
  static override readonly modes: readonly Mode[] = ['sign-up']
}
