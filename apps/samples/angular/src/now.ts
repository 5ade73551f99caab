import { afterNextRender, DestroyRef, inject, signal, type Signal } from '@angular/core'

/**
 * The current time in milliseconds, updated at an interval. Undefined on a server and in the first render: the server's clock
 * and time zone are not the browser's.
 */
export const injectNow = (everyMs: number): Signal<number | undefined> => {
  const now = signal<number | undefined>(undefined)
  const destroyed = inject(DestroyRef)
  afterNextRender(() => {
    now.set(Date.now())
    const timer = setInterval(() => now.set(Date.now()), everyMs)
    destroyed.onDestroy(() => clearInterval(timer))
  })
  return now.asReadonly()
}
