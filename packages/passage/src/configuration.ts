import type { App } from './app.ts'

let configured: App | undefined

/**
 * Says where the session server is, once and before anything else. Without it, the issuer (`iss`) of the stored auth
 * token is asked. Needed where people sign in by other means than what Passage's client has left behind.
 *
 * @throws TypeError for an address or app id that is none
 */
export function configurePassage(app: App): void {
  if (!app.appId || !URL.canParse(app.url)) throw new TypeError('url and appId are needed')
  configured = app
}

export const configuration = (): App | undefined => configured
