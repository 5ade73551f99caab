import type { ProofSender } from '@tokenkeep/core'
import { addressOf } from './address.ts'
import { Base } from './base.ts'
import { createConfirmForm, type ConfirmForm, type ConfirmState } from './confirm-form.ts'
import { adoptEarlyProperties } from './early-properties.ts'
import { managerFor } from './managers.ts'
import { obstacle } from './obstacle.ts'
import { PasskeyError, toPasskeyError } from './passkey-error.ts'
import { createPasskeys } from './passkeys.ts'
import type { ReauthenticatedManager } from './reauthenticate.ts'
import { sheet } from './styles.ts'
import { withTexts, type PartialTexts, type Texts } from './texts.ts'

/** The events of `<tokenkeep-reauthenticate>`. */
export interface ReauthenticateElementEvents {
  reauthenticated: CustomEvent<void>
  failure: CustomEvent<PasskeyError>
}

/**
 * `<tokenkeep-reauthenticate>`: lets the user who is signed in confirm with a passkey that it is them (RFC 9470). The session stays. The
 * attributes are `app-id` (required) and `server` (default: the page's origin). `@tokenkeep/elements/define` defines it.
 *
 * @example
 * ```ts
 * import '@tokenkeep/elements/define'
 *
 * const element = document.createElement('tokenkeep-reauthenticate')
 * element.setAttribute('app-id', 'shop')
 * element.setAttribute('server', 'https://auth.example.com')
 * element.addEventListener('reauthenticated', () => console.log('The next auth token says so.'))
 * document.body.append(element)
 * ```
 */
export class ReauthenticateElement extends Base {
  // The properties are accessors of the prototype. Frameworks look for them there, and set anything else as text.
  #manager: ReauthenticatedManager | undefined
  #proof: ProofSender | undefined
  #texts: Texts = withTexts({})
  #state: ConfirmState = { phase: 'idle' }
  #form: ConfirmForm
  #ceremony: AbortController | undefined

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true })
    root.adoptedStyleSheets = [sheet()]
    this.#form = createConfirmForm()
    root.append(this.#form.root)
    this.#form.root.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#submit()
    })
    adoptEarlyProperties(this, ['manager', 'proof', 'texts'])
  }

  /** The manager of the session. Default: the registered one, or else one that the elements create. */
  get manager(): ReauthenticatedManager | undefined {
    return this.#manager
  }
  set manager(manager: ReauthenticatedManager | undefined) {
    this.#manager = manager
  }

  /** Pass `sendProof` of `@tokenkeep/core` if the manager's transport is `withProof(…)`. Default: no proof. */
  get proof(): ProofSender | undefined {
    return this.#proof
  }
  set proof(proof: ProofSender | undefined) {
    this.#proof = proof
  }

  /** The texts to show. Missing ones are English. Default: `english`. */
  get texts(): PartialTexts {
    return this.#texts
  }
  set texts(texts: PartialTexts) {
    this.#texts = withTexts(texts)
    this.#show(this.#state)
  }

  connectedCallback(): void {
    if (this.#state.phase !== 'idle') return
    const code = obstacle('get')
    if (code && !this.#state.error) this.#fail(new PasskeyError(code))
    else this.#show(this.#state)
  }
  disconnectedCallback(): void {
    // An element that is only moved is connected again by then.
    queueMicrotask(() => {
      if (!this.isConnected) this.reset()
    })
  }

  /** Ends the ceremony that runs, and shows the button. */
  reset(): void {
    this.#ceremony?.abort()
    this.#show({ phase: 'idle' })
  }

  #show(state: ConfirmState): void {
    this.#state = state
    this.#form.show(state, this.#texts)
  }

  async #submit(): Promise<void> {
    if (this.#state.phase !== 'idle') return
    const { signal } = (this.#ceremony = new AbortController())
    this.#show({ phase: 'busy' })
    try {
      const address = addressOf(this)
      const manager = this.#manager ?? managerFor(address)
      await createPasskeys(address).reauthenticate(manager, { signal, proof: this.#proof })
      if (signal.aborted) return
      this.#show({ phase: 'done' })
      this.dispatchEvent(new CustomEvent('reauthenticated'))
    } catch (error) {
      if (!signal.aborted) this.#fail(error)
    }
  }

  #fail(cause: unknown): void {
    const error = toPasskeyError(cause)
    this.#show({ phase: 'idle', error: this.#texts.errors[error.code] })
    this.dispatchEvent(new CustomEvent('failure', { detail: error }))
    // The user can do nothing about these. Their reason is for the page's author.
    // oxlint-disable-next-line no-console
    if (['failed', 'wrong-address'].includes(error.code)) console.error(error)
  }
}
