import { registerTokenManager } from '@tokenkeep/elements'
import { createTokenManager, sessionServer } from '@tokenkeep/react'

/** The app whose users are the instance's admins. */
export const consoleApp = 'console'

export const server = location.origin

export const auth = createTokenManager({ transport: sessionServer({ url: server, appId: consoleApp }) })
registerTokenManager(consoleApp, auth)

/** The one-time secret of an invitation link, taken out of the address: it belongs in no history and no screenshot. */
function takeInvitation(): string | undefined {
  const invitation = new URLSearchParams(location.hash.slice(1)).get('invitation') ?? undefined
  if (invitation) history.replaceState(null, '', location.pathname + location.search)
  return invitation
}

export const invitation = takeInvitation()
// The link may be opened where the page is open already: then it only changes the fragment.
addEventListener('hashchange', () => {
  if (location.hash.startsWith('#invitation=')) location.reload()
})
