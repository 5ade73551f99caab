import type { Store } from '@tokenkeep/sample'
import { useSyncExternalStore } from 'react'

export const useStore = <T>(store: Store<T>): T =>
  useSyncExternalStore(store.subscribe, store.get, () => store.first)
