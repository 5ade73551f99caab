import type { App } from './app.ts'

let configured: App | undefined

/**
 * Sets the session server and the app. Call it once, before anything else of this package. Without this call, the server
 * and the app come from the issuer (`iss` claim) of the stored auth token. The call is needed if people sign in by any
 * means other than the session that Passage's client left in the browser. After the call, no other issuer is trusted.
 *
 * @throws TypeError if `url` is not an address, or `appId` is empty
 *
 * @example
 * ```ts
 * import { configurePassage, PassageUser } from '@tokenkeep/passage'
 *
 * configurePassage({ url: 'https://auth.example.com', appId: 'shop' })
 * const token = await new PassageUser().getAuthToken()
 * ```
 */
export function configurePassage(app: App): void {
  if (!app.appId || !URL.canParse(app.url))
    throw new TypeError('Pass the url of the session server, like https://auth.example.com, and the appId.')
  configured = app
}

export const configuredApp = (): App | undefined => configured
