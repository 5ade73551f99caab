import { Component, inject } from '@angular/core'
import { toSignal } from '@angular/core/rxjs-interop'
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { filter, map } from 'rxjs'
import { PAGE } from './page'
import { SessionWarning } from './session-warning'

@Component({
  selector: 'tk-app',
  imports: [RouterLink, RouterLinkActive, RouterOutlet, SessionWarning],
  template: `
    <div class="page" [attr.data-status]="status()">
      <header>
        <p class="wordmark">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <circle cx="16" cy="16" r="12" />
            <path d="M16 4a12 12 0 1 1-12 12" />
          </svg>
          Tokenkeep
        </p>
        <nav>
          @for (link of links; track link.path) {
            <a
              [routerLink]="link.path"
              routerLinkActive
              [routerLinkActiveOptions]="{ exact: true }"
              ariaCurrentWhenActive="page"
              >{{ link.text }}</a
            >
          }
        </nav>
        @if (path() === '/') {
          <p class="where">
            Angular sample <span aria-hidden="true">·</span>&ngsp;<code>{{ config.appId }}</code>
          </p>
        } @else {
          <p class="chip" data-testid="state">{{ status() }}</p>
        }
      </header>
      <router-outlet />
      <tk-session-warning />
      <footer>Open this page in a second tab: both tabs share one session and one refresh.</footer>
    </div>
  `,
})
export class App {
  readonly config = inject(PAGE).config
  readonly status = injectAuthToken((state) => state.status)
  readonly links = [
    { path: '/', text: 'Session' },
    { path: '/calls', text: 'Twenty calls' },
    { path: '/client', text: 'HttpClient' },
    { path: '/account', text: 'Account' },
  ]
  readonly path = toSignal(
    inject(Router).events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(({ urlAfterRedirects }) => urlAfterRedirects),
    ),
  )
}
