import { afterRenderEffect, Component, signal, viewChild, type ElementRef } from '@angular/core'
import { injectAuthToken, injectEndsIn, injectSessionWarning } from '@tokenkeep/angular'
import { explainStay, WARN_SECONDS } from '@tokenkeep/sample'

/** The only component that renders each second, and only while it is shown. */
@Component({ selector: 'span[tk-countdown]', host: { role: 'timer' }, template: '{{ seconds() }} seconds' })
class Countdown {
  readonly seconds = injectEndsIn()
}

/** Warns before the session ends. WCAG 2.2.1: people can extend a time limit before it is over. Escape extends it too. */
@Component({
  selector: 'tk-session-warning',
  imports: [Countdown],
  template: `
    <dialog
      #dialog
      role="alertdialog"
      class="warning"
      aria-labelledby="warning-title"
      aria-describedby="warning-text"
      (cancel)="onCancel($event)"
    >
      @if (warning(); as ending) {
        <h2 id="warning-title">Are you still there?</h2>
        <p id="warning-text">
          Your session ends in <span tk-countdown></span>.
          {{ ending.canStay ? 'Do you want to stay signed in?' : 'Save your work, and sign in again.' }}
        </p>
        @if (problem(); as text) {
          <p role="alert" class="problem">{{ text }}</p>
        }
        @if (ending.canStay) {
          <button type="button" class="primary" data-testid="stay" (click)="answer(ending.staySignedIn)">
            Stay signed in
          </button>
        }
        <button type="button" data-testid="leave" (click)="answer(signOut)">Sign out</button>
      }
    </dialog>
  `,
})
export class SessionWarning {
  readonly warning = injectSessionWarning(WARN_SECONDS)
  readonly signOut = injectAuthToken().signOut
  readonly problem = signal('')
  readonly dialog = viewChild.required<ElementRef<HTMLDialogElement>>('dialog')

  constructor() {
    afterRenderEffect(() => {
      const { nativeElement } = this.dialog()
      if (this.warning()) {
        if (!nativeElement.open) nativeElement.showModal()
      } else {
        nativeElement.close()
        this.problem.set('')
      }
    })
  }

  onCancel(event: Event) {
    const ending = this.warning()
    if (!ending?.canStay) return
    event.preventDefault()
    void this.answer(ending.staySignedIn)
  }

  async answer(work: () => Promise<void>) {
    this.problem.set('')
    await work().catch((error: unknown) => this.problem.set(explainStay(error)))
  }
}
