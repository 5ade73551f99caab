import { Component, computed, inject } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { PAGE } from './page'
import { fromStore } from './store'

@Component({
  selector: 'section[tk-api-panel]',
  host: { class: 'api', 'aria-labelledby': 'api-title' },
  template: `
    <h2 id="api-title">
      API calls <small>{{ signedOut() ? 'paused while signed out' : 'one every 3 seconds' }}</small>
    </h2>
    <ol class="dots" aria-hidden="true">
      @for (call of calls().recent; track call.id) {
        <li [class]="call.outcome" [title]="call.text"></li>
      }
    </ol>
    <dl>
      <div class="ok">
        <dd data-testid="api-ok">{{ calls().ok }}</dd>
        <dt>answered 200</dt>
      </div>
      <div class="failed" [class.some]="calls().failed > 0">
        <dd data-testid="api-failed">{{ calls().failed }}</dd>
        <dt>failed</dt>
      </div>
      <div class="waiting" [class.some]="calls().waiting > 0">
        <dd data-testid="api-waiting">{{ calls().waiting }}</dd>
        <dt>waiting</dt>
      </div>
      <div class="last">
        <dd data-testid="api-last">{{ last() }}</dd>
        <dt>last</dt>
      </div>
    </dl>
  `,
})
export class ApiPanel {
  readonly calls = fromStore(inject(PAGE).calls)
  readonly last = computed(() => this.calls().recent.at(-1)?.text ?? '–')
  readonly signedOut = injectAuthToken((state) => state.status === 'signed-out')
}
