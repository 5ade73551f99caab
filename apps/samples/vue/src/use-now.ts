import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'

/** The current time in milliseconds, updated at an interval. */
export const useNow = (everyMs: number): Readonly<ShallowRef<number>> => {
  const now = shallowRef(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), everyMs)
  onScopeDispose(() => clearInterval(timer))
  return now
}
