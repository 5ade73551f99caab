import { Component, signal } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { fingerprintOf } from '@tokenkeep/sample'
import { LifeRing } from './life-ring'
import { SessionDeadline } from './session-deadline'

@Component({
  selector: 'section[tk-session-card]',
  imports: [LifeRing, SessionDeadline],
  host: { class: 'card session', 'aria-labelledby': 'session-title' },
  template: `
    <h1 id="session-title">Your session</h1>
    <div tk-life-ring [state]="auth.state()"></div>
    <dl>
      <div>
        <dt>Token fingerprint</dt>
        <dd>
          @for (print of [fingerprint()]; track print) {
            <code data-testid="token-fingerprint" class="fingerprint">{{ print }}</code>
          }
        </dd>
      </div>
      <div>
        <dt>Ends if unused</dt>
        <dd tk-session-deadline [at]="session()?.inactiveAt" data-testid="inactive"></dd>
      </div>
      <div>
        <dt>Ends at the latest</dt>
        <dd tk-session-deadline [at]="session()?.absoluteExpiresAt" data-testid="absolute"></dd>
      </div>
      <div>
        <dt>User</dt>
        <dd>
          <code class="user">{{ session()?.userId ?? '…' }}</code>
        </dd>
      </div>
    </dl>
    @if (problem(); as text) {
      <p role="alert" class="problem">{{ text }}</p>
    }
    <button type="button" data-testid="sign-out" [disabled]="leaving()" (click)="leave()">
      {{ leaving() ? 'Signing out…' : 'Sign out' }}
    </button>
  `,
})
export class SessionCard {
  readonly auth = injectAuthToken()
  readonly session = injectAuthToken((state) => ('session' in state ? state.session : undefined))
  readonly fingerprint = injectAuthToken((state) =>
    'token' in state && state.token ? fingerprintOf(state.token) : '······',
  )
  readonly leaving = signal(false)
  readonly problem = signal('')

  async leave() {
    this.leaving.set(true)
    this.problem.set('')
    try {
      await this.auth.signOut()
    } catch {
      this.problem.set('The sign-out could not be stored. Please try again.')
    } finally {
      this.leaving.set(false)
    }
  }
}
