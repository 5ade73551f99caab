import { Component, effect, inject } from '@angular/core'
import { ActivatedRoute, Router } from '@angular/router'
import { injectAuthToken } from '@tokenkeep/angular'
import { nextPath } from '@tokenkeep/sample'
import { SignInCard } from './sign-in-card'

/** Protected pages send signed-out people here. After the sign-in, this page sends them back. */
@Component({
  selector: 'main[tk-sign-in-page]',
  imports: [SignInCard],
  host: { class: 'sheet' },
  template: `<div class="narrow"><section tk-sign-in-card></section></div>`,
})
export class SignInPage {
  constructor() {
    const signedIn = injectAuthToken((state) => 'session' in state)
    const { queryParamMap } = inject(ActivatedRoute).snapshot
    const router = inject(Router)
    effect(() => {
      if (signedIn()) void router.navigateByUrl(nextPath(queryParamMap.get('next')), { replaceUrl: true })
    })
  }
}
