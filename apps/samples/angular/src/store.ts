import { DestroyRef, inject, signal, type Signal } from '@angular/core'
import type { Store } from '@tokenkeep/sample'

export const fromStore = <T>(store: Store<T>): Signal<T> => {
  const value = signal(store.get())
  inject(DestroyRef).onDestroy(store.subscribe(() => value.set(store.get())))
  return value.asReadonly()
}
