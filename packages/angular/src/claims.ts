import { computed, type Signal } from '@angular/core'
import type { AuthState, SessionClaims } from '@tokenkeep/core'
import { injectAuthToken } from './auth-token.ts'

/**
 * Injects the claims of the user who is signed in, as a signal. It changes only if a claim changes: each refresh and each
 * tab brings a new object, so they are compared as JSON. Its value is undefined on a server, until the storage has been read,
 * while nobody is signed in, and if the session has no claims. Call it in an injection context.
 *
 * @throws Error if no injector provides a manager
 *
 * @example
 * ```ts
 * import { Component } from '@angular/core'
 * import { injectClaims } from '@tokenkeep/angular'
 *
 * @Component({ selector: 'app-profile', template: '{{ claims()?.name }}' })
 * export class Profile {
 *   readonly claims = injectClaims()
 * }
 * ```
 */
export function injectClaims(): Signal<SessionClaims | undefined> {
  const json = injectAuthToken(jsonOfClaims)
  return computed(() => {
    const text = json()
    return text === undefined ? undefined : (JSON.parse(text) as SessionClaims)
  })
}

const jsonOfClaims = ({ session }: AuthState): string | undefined => JSON.stringify(session?.claims)
