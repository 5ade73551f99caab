import { Component, inject } from '@angular/core'
import { toSignal } from '@angular/core/rxjs-interop'
import { NavigationEnd, Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { filter, map } from 'rxjs'
import { CONFIG } from './page'
import { SessionWarning } from './session-warning'
import { Wordmark } from './wordmark'

@Component({
  selector: 'tk-app',
  imports: [RouterLink, RouterLinkActive, RouterOutlet, SessionWarning, Wordmark],
  template: `
    <div class="page" [attr.data-status]="status()">
      <header>
        <p tk-wordmark></p>
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
  readonly config = inject(CONFIG)
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
