import { Component, input } from '@angular/core'
import { asDateTime, asDay, inWords } from '@tokenkeep/sample'
import { injectNow } from './now'

@Component({
  selector: 'dd[tk-session-deadline]',
  template: `
    @if (at(); as deadline) {
      @if (now(); as now) {
        {{ deadline > now ? 'in ' + inWords(deadline - now) : 'passed' }}
        <time [attr.datetime]="asDateTime(deadline)">{{ asDay(deadline) }}</time>
      } @else {
        …
      }
    } @else {
      no limit
    }
  `,
})
export class SessionDeadline {
  readonly at = input.required<number | undefined>()
  readonly now = injectNow(1_000)
  readonly asDateTime = asDateTime
  readonly asDay = asDay
  readonly inWords = inWords
}
