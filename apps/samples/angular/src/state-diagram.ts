import { Component, input } from '@angular/core'
import type { Status } from '@tokenkeep/angular'
import { places, ways } from '@tokenkeep/sample'

/** Draws the four states and the transitions. The current state and the last transition are highlighted. */
@Component({
  selector: 'svg[tk-state-diagram]',
  host: {
    class: 'diagram',
    viewBox: '0 0 444 230',
    role: 'img',
    '[attr.aria-label]': '"State diagram: now " + now()',
  },
  template: `
    <svg:defs>
      <svg:marker id="tip" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <svg:path d="M1 1L6.5 4L1 7" fill="none" stroke="context-stroke" />
      </svg:marker>
    </svg:defs>
    @for (way of ways; track way.d) {
      <svg:path
        class="way"
        [class.taken]="way.from === from() && way.to === now()"
        [attr.d]="way.d"
        marker-end="url(#tip)"
      />
    }
    @for (place of places; track place.status) {
      <svg:g class="place" [class.lit]="place.status === now()">
        <svg:rect [attr.x]="place.x - 58" [attr.y]="place.y - 19" width="116" height="38" rx="19" />
        <svg:text [attr.x]="place.x" [attr.y]="place.y + 4.5">{{ place.status }}</svg:text>
      </svg:g>
    }
  `,
})
export class StateDiagram {
  readonly now = input.required<Status>()
  readonly from = input<Status>()
  readonly places = places
  readonly ways = ways
}
