import { Component, computed, inject } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { fromStore, PAGE } from '@tokenkeep/angular-sample'
import { noteOn, refreshesIn } from '@tokenkeep/sample'
import { injectAnswer } from './answer'

/** Shows what the server has learnt from the API, before any script ran in the browser. */
@Component({
  selector: 'section[tk-rendered-panel]',
  host: { class: 'rendered', 'aria-labelledby': 'rendered-title' },
  template: `
    <h2 id="rendered-title">
      Rendered by the server <small>{{ answer.at }}</small>
    </h2>
    @if (note(); as text) {
      <p data-testid="rendered-note">{{ text }}</p>
    } @else {
      <dl>
        <div>
          <dt>Signed in as</dt>
          <dd data-testid="rendered-name">{{ answer.account?.name ?? 'unknown' }}</dd>
        </div>
        <div>
          <dt><code>GET /api/account</code></dt>
          <dd data-testid="rendered-answer">{{ answer.answer }}</dd>
        </div>
        <div>
          <dt>Refreshes by this tab</dt>
          <dd data-testid="refreshes">{{ refreshes() }}</dd>
        </div>
      </dl>
    }
  `,
})
export class RenderedPanel {
  readonly answer = injectAnswer()
  readonly note = injectAuthToken((state) => noteOn(this.answer, state))
  readonly #transitions = fromStore(inject(PAGE).journal)
  readonly refreshes = computed(() => refreshesIn(this.#transitions()))
}
