import { registerTokenManager } from '@tokenkeep/elements'
import { createTokenManager, sessionServer, withCookie } from '@tokenkeep/react'

/** The id of the built-in app whose users are the admins of this instance. */
export const consoleApp = 'console'

/** The URL of the session server. It serves this script below `/console/`, and can itself be below a path of its site. */
export const server = import.meta.url.slice(0, import.meta.url.lastIndexOf('/console/'))

// No script can read the refresh token: the Console is an admin's page.
export const auth = createTokenManager({
  transport: withCookie(sessionServer({ url: server, appId: consoleApp })),
})
registerTokenManager(consoleApp, auth)

/** Reads the one-time secret of an invitation link. Removes it from the address, so that no history or screenshot shows it. */
function takeInvitation(): string | undefined {
  const invitation = new URLSearchParams(location.hash.slice(1)).get('invitation') ?? undefined
  if (invitation) history.replaceState(null, '', location.pathname + location.search)
  return invitation
}

export const invitation = takeInvitation()
// If the page is already open in this tab, opening the link changes only the fragment.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#invitation=')) location.reload()
})
