import { DestroyRef, inject, signal, type Signal } from '@angular/core'

/** The current time in milliseconds, updated at an interval. */
export const injectNow = (everyMs: number): Signal<number> => {
  const now = signal(Date.now())
  const timer = setInterval(() => now.set(Date.now()), everyMs)
  inject(DestroyRef).onDestroy(() => clearInterval(timer))
  return now.asReadonly()
}
