import { InjectionToken } from '@angular/core'
import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'

/** What belongs to the page as a whole, and outlives its components. */
export interface Page {
  readonly config: Config
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const PAGE = new InjectionToken<Page>('Page')
