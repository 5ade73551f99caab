import { isPlatformServer } from '@angular/common'
import {
  afterNextRender,
  DestroyRef,
  ElementRef,
  inject,
  NgZone,
  PLATFORM_ID,
  signal,
  type Signal,
} from '@angular/core'
import { endsIn, sessionWarning, type Environment, type Readable, type SessionWarning } from '@tokenkeep/core'
import { injectAuthToken } from './auth-token.ts'

/**
 * Injects a warning as a signal: it is there for the last `seconds` of the session, in every tab, and undefined
 * otherwise. See `sessionWarning()` of the core. Undefined on a server, and in the first render of a component. Call it in
 * an injection context. Pass `environment` if your manager has one of its own.
 *
 * @throws Error if no injector provides a manager
 * @throws TypeError in development, if `seconds` is not more than 0
 *
 * @example
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectSessionWarning } from '@tokenkeep/angular'
 *
 * @Component({
 *   selector: 'app-still-there',
 *   template: `
 *     @if (warning(); as ending) {
 *       <button (click)="ending.staySignedIn()">Stay signed in</button>
 *     }
 *   `,
 * })
 * export class StillThere {
 *   readonly warning = injectSessionWarning(60)
 * }
 * ```
 */
export function injectSessionWarning(
  seconds: number,
  environment?: Environment,
): Signal<SessionWarning | undefined> {
  const {
    manager: { get, subscribe },
    getAuthToken,
  } = injectAuthToken()
  return follow(sessionWarning({ get, subscribe, getAuthToken }, seconds, environment))
}

/**
 * Injects how many whole seconds are left of the session, as a signal. Its value is 0 once the session is over, and
 * undefined on a server, while nobody is signed in, and if no end is known. It changes each second. Call it in an
 * injection context.
 *
 * @throws Error if no injector provides a manager
 *
 * @example
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectEndsIn } from '@tokenkeep/angular'
 *
 * @Component({ selector: 'app-countdown', template: '<span role="timer">{{ seconds() }} seconds</span>' })
 * export class Countdown {
 *   readonly seconds = injectEndsIn()
 * }
 * ```
 */
export const injectEndsIn = (environment?: Environment): Signal<number | undefined> =>
  follow(endsIn(injectAuthToken().manager, environment))

function follow<T>({ get, subscribe }: Readable<T>): Signal<T | undefined> {
  const value = signal<T | undefined>(undefined)
  const zone = inject(NgZone)
  let stop = (): void => {}
  const start = (): void =>
    // Runs outside the zone. Otherwise the timers keep the app unstable until the session ends.
    zone.runOutsideAngular(() => {
      stop = subscribe(() => value.set(get()))
      value.set(get())
    })
  // A component has no warning in its first render, so hydration matches: the server has another clock.
  if (inject(ElementRef, { optional: true })) afterNextRender(start)
  else if (!isPlatformServer(inject(PLATFORM_ID))) start()
  inject(DestroyRef).onDestroy(() => stop())
  return value.asReadonly()
}
