import { endsIn, sessionWarning, type Environment, type Readable, type SessionWarning } from '@tokenkeep/core'
import {
  getCurrentInstance,
  inject,
  onMounted,
  onScopeDispose,
  shallowReadonly,
  shallowRef,
  ssrContextKey,
  type ShallowRef,
} from 'vue'
import { useAuthToken } from './auth-token.ts'

/**
 * Returns a readonly ref of a warning: it is there for the last `seconds` of the session, in every tab, and undefined
 * otherwise. See `sessionWarning()` of the core. Undefined on a server, and until the component is mounted. Call it in
 * `setup()` or in an effect scope. Pass `environment` if your manager has one of its own.
 *
 * @throws Error if the app does not use the plugin, or if the call comes too late
 * @throws TypeError in development, if `seconds` is not more than 0
 *
 * @example
 * ```ts
 * import { useSessionWarning } from '@tokenkeep/vue'
 * import { defineComponent, h } from 'vue'
 *
 * export const StillThere = defineComponent(() => {
 *   const warning = useSessionWarning(60)
 *   return () =>
 *     warning.value?.canStay ? h('button', { onClick: warning.value.staySignedIn }, 'Stay signed in') : null
 * })
 * ```
 */
export const useSessionWarning = (
  seconds: number,
  environment?: Environment,
): Readonly<ShallowRef<SessionWarning | undefined>> =>
  follow(sessionWarning(useAuthToken().manager, seconds, environment))

/**
 * Returns how many whole seconds are left of the session, as a readonly ref. Its value is 0 once the session is over,
 * and undefined on a server, while nobody is signed in, and if no end is known. It changes each second. Call it in
 * `setup()` or in an effect scope.
 *
 * @throws Error if the app does not use the plugin, or if the call comes too late
 *
 * @example
 * ```ts
 * import { useEndsIn } from '@tokenkeep/vue'
 * import { defineComponent, h } from 'vue'
 *
 * export const Countdown = defineComponent(() => {
 *   const seconds = useEndsIn()
 *   return () => h('span', { role: 'timer' }, `${seconds.value} seconds`)
 * })
 * ```
 */
export const useEndsIn = (environment?: Environment): Readonly<ShallowRef<number | undefined>> =>
  follow(endsIn(useAuthToken().manager, environment))

function follow<T>({ get, subscribe }: Readable<T>): Readonly<ShallowRef<T | undefined>> {
  const value = shallowRef<T>()
  const read = (): void => void (value.value = get())
  let stop = (): void => {}
  const start = (): void => {
    stop = subscribe(read)
    read()
  }
  // A component has no warning before it is mounted, so hydration matches: the server has another clock.
  if (getCurrentInstance()) onMounted(start)
  else if (!inject(ssrContextKey, undefined)) start()
  onScopeDispose(() => stop())
  return shallowReadonly(value)
}
