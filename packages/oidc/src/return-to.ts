import { isSamePage } from './callback.ts'

/**
 * Returns path, query and fragment of an address, if it is of the app's origin and not the callback. Otherwise returns
 * the path of the app's start page. So no link can send a user to another site after a sign-in (RFC 9700 section 4.11).
 */
export function safeReturnTo(returnTo: string, base: string, redirectUri: string): string {
  const home = new URL('.', base)
  const page = URL.canParse(returnTo, base) ? new URL(returnTo, base) : home
  const { pathname, search, hash } =
    page.origin !== home.origin || isSamePage(page.href, redirectUri) ? home : page
  // A path that begins with two slashes is the address of another server.
  return pathname.replace(/^\/+/, '/') + search + hash
}
