import { InjectionToken } from '@angular/core'
import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'

/** Objects that belong to the page as a whole and outlive its components. */
export interface Page {
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const PAGE = new InjectionToken<Page>('Page')

/** Where the session server is. A server-rendered page reaches it through its own server. */
export const CONFIG = new InjectionToken<Config>('Config')
