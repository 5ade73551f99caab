import { InjectionToken } from '@angular/core'
import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'

/** Objects that belong to the page as a whole and outlive its components. */
export interface Page {
  readonly config: Config
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const PAGE = new InjectionToken<Page>('Page')
