'use client'

import type { AuthState, SessionClaims } from '@tokenkeep/core'
import { useMemo } from 'react'
import { useAuthToken } from './client.tsx'

/**
 * Returns the claims of the user who is signed in. The component renders again only if a claim changes: each refresh and
 * each tab brings a new object, so they are compared as JSON. Undefined on a server, until the storage has been read, while
 * nobody is signed in, and if the session has no claims. For a single claim, use
 * `useAuthToken(({ session }) => session?.claims?.name)`.
 *
 * @throws Error if there is no `<AuthTokenProvider>` above the component
 *
 * @example
 * ```tsx
 * import { useClaims } from '@tokenkeep/react'
 *
 * export const Profile = () => <p>{String(useClaims()?.['name'])}</p>
 * ```
 */
export function useClaims(): SessionClaims | undefined {
  const json = useAuthToken(jsonOfClaims)
  return useMemo(() => (json === undefined ? undefined : (JSON.parse(json) as SessionClaims)), [json])
}

const jsonOfClaims = ({ session }: AuthState): string | undefined => JSON.stringify(session?.claims)
