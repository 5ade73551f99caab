import { Component, computed, input } from '@angular/core'
import type { AuthState } from '@tokenkeep/angular'
import { lifeOf } from '@tokenkeep/sample'
import { injectNow } from './now'

/** Shows the remaining life of the auth token as a ring that runs out. */
@Component({
  selector: 'div[tk-life-ring]',
  host: { class: 'life' },
  template: `
    <svg viewBox="0 0 120 120" aria-hidden="true">
      <circle class="track" cx="60" cy="60" r="52" />
      <circle
        class="rest"
        [class.turning]="refreshing()"
        cx="60"
        cy="60"
        r="52"
        [attr.stroke-dasharray]="life().dashes"
      />
    </svg>
    <p>
      <strong data-testid="life" [class.word]="refreshing()">{{ life().text }}</strong>
      <span>token life</span>
    </p>
  `,
})
export class LifeRing {
  readonly state = input.required<AuthState>()
  readonly #now = injectNow(250)
  readonly life = computed(() => lifeOf(this.state(), this.#now()))
  readonly refreshing = computed(() => this.state().status === 'refreshing')
}
