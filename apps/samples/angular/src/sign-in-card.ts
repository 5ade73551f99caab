import { Component, inject, signal } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { explain, signInMethods, type SignInMethod } from '@tokenkeep/sample'
import { CONFIG } from './page'

@Component({
  selector: 'section[tk-sign-in-card]',
  host: { class: 'card sign-in', 'aria-labelledby': 'sign-in-title' },
  template: `
    <h1 id="sign-in-title">Sign in</h1>
    <p class="lead">Then watch how the token is issued, expires and is renewed.</p>
    <form novalidate (submit)="$event.preventDefault(); enter('usePasskey', field)">
      <label for="identifier">Name or email</label>
      <input
        #field
        id="identifier"
        data-testid="identifier"
        name="identifier"
        autocomplete="username webauthn"
        autocapitalize="none"
        spellcheck="false"
        placeholder="ada@example.com"
        [attr.aria-describedby]="problem() ? 'problem' : null"
      />
      @if (problem(); as text) {
        <p id="problem" role="alert" class="problem">{{ text }}</p>
      }
      <button
        type="submit"
        class="primary"
        data-testid="passkey-sign-in"
        [disabled]="busy()"
        [attr.aria-busy]="busy() === 'usePasskey'"
      >
        Sign in with a passkey
      </button>
      <button
        type="button"
        data-testid="passkey-sign-up"
        [disabled]="busy()"
        [attr.aria-busy]="busy() === 'createPasskey'"
        (click)="enter('createPasskey', field)"
      >
        Create a passkey
      </button>
      <p class="or"><span>or</span></p>
      <button
        type="button"
        class="quiet"
        data-testid="backend-sign-in"
        [disabled]="busy()"
        [attr.aria-busy]="busy() === 'throughBackend'"
        (click)="enter('throughBackend', field)"
      >
        Continue without a passkey
      </button>
    </form>
  `,
})
export class SignInCard {
  readonly #auth = injectAuthToken()
  readonly #methods = signInMethods(inject(CONFIG))
  readonly busy = signal<SignInMethod | undefined>(undefined)
  readonly problem = signal('')

  async enter(method: SignInMethod, field: HTMLInputElement) {
    const name = field.value.trim()
    if (!name) {
      this.problem.set('Type a name first. Any name works.')
      field.focus()
      return
    }
    this.busy.set(method)
    this.problem.set('')
    try {
      await this.#auth.signIn(await this.#methods[method](name))
    } catch (error) {
      this.problem.set(explain(error))
    } finally {
      this.busy.set(undefined)
    }
  }
}
