import { Component } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { ApiPanel, Log, SessionCard, StateView, Wordmark } from '@tokenkeep/angular-sample'
import { RenderedPanel } from './rendered-panel'
import { SignInForm } from './sign-in-form'

/** The page of the Angular sample. A server renders it too. */
@Component({
  selector: 'tk-app',
  imports: [ApiPanel, Log, RenderedPanel, SessionCard, SignInForm, StateView, Wordmark],
  template: `
    <div class="page" [attr.data-status]="status()">
      <header>
        <p tk-wordmark></p>
        <p class="where">Angular SSR sample <span aria-hidden="true">·</span>&ngsp;<code>demo</code></p>
      </header>
      <main>
        <section tk-state-view></section>
        @if (status() === 'signed-out') {
          <section tk-sign-in-form></section>
        } @else {
          <section tk-session-card></section>
        }
        <section tk-rendered-panel></section>
        <section tk-api-panel></section>
        <section tk-log></section>
      </main>
      <footer>
        The server has rendered this page. Open it in a second tab, and sign out in one of them.
      </footer>
    </div>
  `,
})
export class App {
  readonly status = injectAuthToken((state) => state.status)
}
