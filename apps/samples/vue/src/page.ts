import type { ApiCalls, Config, Store, Transition } from '@tokenkeep/sample'
import type { AxiosInstance } from 'axios'
import { inject, type InjectionKey } from 'vue'

/** Objects that belong to the page as a whole and outlive its components. */
export interface Page {
  readonly calls: Store<ApiCalls>
  readonly journal: Store<readonly Transition[]>
}

export const pageKey: InjectionKey<Page> = Symbol('page')

export const usePage = (): Page => inject(pageKey)!

/** How the page reaches the session server and its own API. A server-rendered page reaches both through its server. */
export interface Connection {
  readonly config: Config
  readonly client: AxiosInstance
}

export const connectionKey: InjectionKey<Connection> = Symbol('connection')

export const useConnection = (): Connection => inject(connectionKey)!
