import { Component, inject } from '@angular/core'
import { asClock, asDateTime } from '@tokenkeep/sample'
import { PAGE } from './page'
import { fromStore } from './store'

@Component({
  selector: 'section[tk-log]',
  host: { class: 'log', 'aria-labelledby': 'log-title' },
  template: `
    <h2 id="log-title">
      Transitions <small>{{ transitions().length || 'none yet' }}</small>
    </h2>
    <ol data-testid="transitions" tabindex="0" aria-labelledby="log-title">
      @for (each of transitions(); track each.id) {
        <li [attr.data-status]="each.to">
          <time [attr.datetime]="asDateTime(each.at)">{{ asClock(each.at) }}</time>
          <span class="move">
            <span>{{ each.from }}</span>&ngsp;<span aria-label="to">→</span>&ngsp;<b>{{ each.to }}</b>
          </span>
          <span class="note">{{ each.note }}</span>
        </li>
      }
    </ol>
  `,
})
export class Log {
  readonly transitions = fromStore(inject(PAGE).journal)
  readonly asClock = asClock
  readonly asDateTime = asDateTime
}
