import { Component, computed, inject } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { sentenceOf } from '@tokenkeep/sample'
import { PAGE } from './page'
import { StateDiagram } from './state-diagram'
import { fromStore } from './store'

@Component({
  selector: 'section[tk-state-view]',
  imports: [StateDiagram],
  host: { class: 'state', 'aria-labelledby': 'state-title' },
  template: `
    <h2 id="state-title">Auth state</h2>
    <p class="badge" aria-live="polite">
      <span class="lamp" aria-hidden="true"></span>
      <span data-testid="state">{{ state().status }}</span>
    </p>
    <p class="sentence" data-testid="reason" [attr.data-reason]="reason()">{{ sentence() }}</p>
    <svg tk-state-diagram [now]="state().status" [from]="from()"></svg>
  `,
})
export class StateView {
  readonly state = injectAuthToken().state
  readonly sentence = computed(() => sentenceOf(this.state()))
  readonly reason = injectAuthToken((state) => ('reason' in state ? state.reason : undefined))
  readonly #transitions = fromStore(inject(PAGE).journal)
  readonly from = computed(() => {
    const [latest] = this.#transitions()
    return latest?.to === this.state().status ? latest.from : undefined
  })
}
