import type { Store } from '@tokenkeep/sample'
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

export const useStore = <T>(store: Store<T>): Readonly<ShallowRef<T>> => {
  const value = shallowRef(store.get())
  onScopeDispose(store.subscribe(() => (value.value = store.get())))
  return value
}
