import { onBeforeUnmount, onMounted, shallowRef, type ShallowRef } from 'vue'

/**
 * The current time in milliseconds, updated at an interval. Undefined on a server and in the first render: the server's clock
 * and time zone are not the browser's.
 */
export const useNow = (everyMs: number): Readonly<ShallowRef<number | undefined>> => {
  const now = shallowRef<number>()
  let timer: ReturnType<typeof setInterval>
  onMounted(() => {
    now.value = Date.now()
    timer = setInterval(() => (now.value = Date.now()), everyMs)
  })
  onBeforeUnmount(() => clearInterval(timer))
  return now
}
