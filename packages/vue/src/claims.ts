import type { AuthState, SessionClaims } from '@tokenkeep/core'
import { computed, type ComputedRef } from 'vue'
import { useAuthToken } from './auth-token.ts'

/**
 * Returns the claims of the user who is signed in, as a readonly ref. It changes only if a claim changes: each refresh and
 * each tab brings a new object, so they are compared as JSON. Its value is undefined on a server, until the storage has been
 * read, while nobody is signed in, and if the session has no claims.
 *
 * @throws Error if the app does not use the plugin, or if the call comes too late
 *
 * @example
 * ```ts
 * import { useClaims } from '@tokenkeep/vue'
 * import { defineComponent, h } from 'vue'
 *
 * export const Profile = defineComponent(() => {
 *   const claims = useClaims()
 *   return () => h('p', String(claims.value?.['name']))
 * })
 * ```
 */
export function useClaims(): ComputedRef<SessionClaims | undefined> {
  const json = useAuthToken(jsonOfClaims)
  return computed(() => (json.value === undefined ? undefined : (JSON.parse(json.value) as SessionClaims)))
}

const jsonOfClaims = ({ session }: AuthState): string | undefined => JSON.stringify(session?.claims)
