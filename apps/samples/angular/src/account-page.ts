import { HttpClient, httpResource } from '@angular/common/http'
import { Component, effect, inject, signal } from '@angular/core'
import { Router } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { asDateTime, asDay, type Account } from '@tokenkeep/sample'
import { firstValueFrom } from 'rxjs'

/** Lists the sessions of the signed-in user, and can end all of them. */
@Component({
  selector: 'main[tk-account-page]',
  host: { class: 'sheet' },
  template: `
    <div>
      <h1>Your account</h1>
      <p class="lead" data-testid="account-user">{{ account.hasValue() ? account.value().user : '…' }}</p>
    </div>
    <section aria-labelledby="sessions-title">
      <h2 id="sessions-title">Where you are signed in</h2>
      <ol class="sessions" data-testid="sessions">
        @if (account.hasValue()) {
          @for (session of account.value().sessions; track session.id) {
            <li>
              <span>
                <code>{{ session.id.slice(-8) }}</code>
                @if (session.current) {
                  <b>this browser</b>
                }
              </span>
              <time [attr.datetime]="asDateTime(session.created_at)"
                >since {{ asDay(session.created_at) }}</time
              >
            </li>
          }
        }
      </ol>
    </section>
    @if (problem()) {
      <p role="alert" class="problem">{{ problem() }}</p>
    } @else if (account.error()) {
      <p role="alert" class="problem">Your sessions could not be loaded. Please reload the page.</p>
    }
    <p>
      <button type="button" data-testid="sign-out-everywhere" (click)="signOutEverywhere()">
        Sign out everywhere
      </button>
    </p>
  `,
})
export class AccountPage {
  readonly #http = inject(HttpClient)
  readonly #auth = injectAuthToken()
  readonly account = httpResource<Account>(() => '/api/account')
  readonly problem = signal('')
  readonly asDateTime = asDateTime
  readonly asDay = asDay

  constructor() {
    // The guard lets only signed-in users in. After a sign-out, here or in another tab, this opens the sign-in page.
    const router = inject(Router)
    const next = router.url
    effect(() => {
      if (this.#auth.state().status !== 'signed-out') return
      void router.navigate(['/sign-in'], { queryParams: { next }, replaceUrl: true })
    })
  }

  async signOutEverywhere() {
    this.problem.set('')
    try {
      await firstValueFrom(this.#http.post('/api/sign-out-everywhere', null))
      await this.#auth.signOut()
    } catch {
      this.problem.set('The server could not be reached. You are still signed in everywhere.')
    }
  }
}
