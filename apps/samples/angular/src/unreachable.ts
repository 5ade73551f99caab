import { Component } from '@angular/core'

@Component({
  selector: 'tk-app',
  template: `
    <p role="alert" class="halt">
      This page could not reach its own backend. Start it with <code>npm start</code> and reload.
    </p>
  `,
})
export class Unreachable {}
