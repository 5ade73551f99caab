import { Component } from '@angular/core'

@Component({
  selector: 'p[tk-wordmark]',
  host: { class: 'wordmark' },
  template: `
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <circle cx="16" cy="16" r="12" />
      <path d="M16 4a12 12 0 1 1-12 12" />
    </svg>
    Tokenkeep
  `,
})
export class Wordmark {}
