import { HttpClient } from '@angular/common/http'
import { Component, computed, inject, signal } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { sendTogether, type Round } from '@tokenkeep/sample'
import { firstValueFrom } from 'rxjs'

const together = 20

/** Sends many calls at once. If the token has expired, they share one refresh. */
@Component({
  selector: 'main[tk-calls-page]',
  host: { class: 'sheet' },
  template: `
    <div>
      <h1>Twenty calls at once</h1>
      <p class="lead">
        Wait until the token has expired, then send the calls. All of them wait for the same refresh, and none
        fails.
      </p>
    </div>
    <p>
      <button type="button" class="primary" data-testid="send-together" [disabled]="busy()" (click)="send()">
        {{ busy() ? 'Waiting for responses…' : 'Send 20 calls' }}
      </button>
    </p>
    <ol class="round" aria-hidden="true">
      @for (outcome of outcomes(); track $index) {
        <li [class]="outcome"></li>
      }
    </ol>
    <dl class="tally" aria-live="polite">
      <div>
        <dt>answered 200</dt>
        <dd data-testid="together-ok">{{ count('ok') }}</dd>
      </div>
      <div>
        <dt>failed</dt>
        <dd data-testid="together-failed">{{ count('failed') }}</dd>
      </div>
      <div>
        <dt>refreshes</dt>
        <dd data-testid="together-refreshes">{{ round()?.refreshes ?? 0 }}</dd>
      </div>
      <div>
        <dt>ms in total</dt>
        <dd data-testid="together-took">{{ round()?.took ?? '–' }}</dd>
      </div>
    </dl>
  `,
})
export class CallsPage {
  readonly #http = inject(HttpClient)
  readonly #auth = injectAuthToken()
  readonly round = signal<Round | undefined>(undefined)
  readonly busy = computed(() => this.round() !== undefined && this.round()!.took === undefined)
  readonly outcomes = computed(() => this.round()?.outcomes ?? Array<undefined>(together).fill(undefined))

  count(outcome: Round['outcomes'][number]) {
    return this.outcomes().filter((each) => each === outcome).length
  }
  send() {
    const call = () => firstValueFrom(this.#http.get('/api/time'))
    return sendTogether(this.#auth.manager, together, call, (round) => this.round.set(round))
  }
}
