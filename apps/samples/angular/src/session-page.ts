import { Component } from '@angular/core'
import { injectAuthToken } from '@tokenkeep/angular'
import { ApiPanel } from './api-panel'
import { Log } from './log'
import { SessionCard } from './session-card'
import { SignInCard } from './sign-in-card'
import { StateView } from './state-view'

/** Shows the session as it is now. */
@Component({
  selector: 'main[tk-session-page]',
  imports: [ApiPanel, Log, SessionCard, SignInCard, StateView],
  template: `
    <section tk-state-view></section>
    @if (signedOut()) {
      <section tk-sign-in-card></section>
    } @else {
      <section tk-session-card></section>
    }
    <section tk-api-panel></section>
    <section tk-log></section>
  `,
})
export class SessionPage {
  readonly signedOut = injectAuthToken((state) => state.status === 'signed-out')
}
