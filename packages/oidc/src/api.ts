import type { Claims, TokenManager, Transport } from '@tokenkeep/core'
import type { PopupOptions, SignInOptions, UserInfoOptions } from './options.ts'
import type { SignedIn } from './transport.ts'

/** The token manager of a provider’s users. */
export type OidcManager = TokenManager<SignedIn>

/** How a callback ended. */
export interface CompletedSignIn {
  /**
   * - `signed-in`: the session has begun.
   * - `none`: the provider was asked with `prompt: 'none'`, and nobody is signed in there.
   * - `repeated`: this callback was visited before, for example by a reload or the back button. Nothing was sent.
   */
  readonly status: 'signed-in' | 'none' | 'repeated'
  /** The page that the user wanted: path, query and fragment. Give it to the app's router. */
  readonly returnTo: string
}

export interface Oidc {
  /** For `createTokenManager({ transport })`. */
  readonly transport: Transport<SignedIn>
  /**
   * Leaves the page for the provider's sign-in page. Resolves only if the page is shown again, or is still shown after 10
   * seconds.
   *
   * @throws SignInError `storage` before the page is left, `unreachable` or `misconfigured`
   * @throws TokenError `unreachable` if the code for sign-ins cannot be loaded; so does each function but `ensureSignedIn` for
   *   a user who is signed in
   */
  signInWithRedirect(options?: SignInOptions): Promise<void>
  /**
   * Opens the provider's sign-in page in a window of its own, so that this page keeps what the user has typed. Call it in
   * the handler of a click, before any `await`: browsers block other popups. The callback page ends the sign-in in the
   * popup with `completeSignIn`, as after a redirect, and closes it. Resolves once this page has the session. If a popup
   * is open already, it comes to the front, and its promise is returned.
   *
   * The session begins in every tab, also if this page was reloaded meanwhile, and also after `popup-closed` if the popup is
   * still there: some providers hide it from this page (Cross-Origin-Opener-Policy).
   *
   * @throws SignInError `popup-blocked` if the browser blocks the popup: offer `signInWithRedirect`
   * @throws SignInError `popup-closed` if the user has closed it, or has come back to this page while the provider hides it
   * @throws SignInError as `completeSignIn()` and `signInWithRedirect()` do
   * @throws the signal's reason, if it was aborted; then the popup is closed, and can sign nobody in
   */
  signInWithPopup(auth: OidcManager, options?: PopupOptions): Promise<CompletedSignIn>
  /**
   * Ends a sign-in, if the page is its callback; resolves to undefined on any other page. Call it before the first
   * render. It may be called any number of times: all calls for one callback share one result. The address bar is
   * cleaned before the first request. In a popup, it closes the window. `url`: the callback. Default: the address of the
   * page.
   *
   * @throws SignInError if the sign-in failed; `code` says why
   * @throws TokenError `storage` if the session could not be stored
   */
  completeSignIn(auth: OidcManager, options?: { readonly url?: string }): Promise<CompletedSignIn | undefined>
  /**
   * Resolves to true if a user is signed in. Otherwise leaves the page for the provider's sign-in page, and resolves to
   * false if the page is shown again. For guards of routes. On a callback it completes the sign-in first.
   *
   * @throws SignInError `redirect-loop` if three such sign-ins came back within a minute, and nobody is signed in
   * @throws SignInError or TokenError as `completeSignIn()` and `signInWithRedirect()` do
   */
  ensureSignedIn(auth: OidcManager, returnTo?: string): Promise<boolean>
  /**
   * Asks the provider for the claims of the user who is signed in (OpenID Connect Core section 5.3). Nothing is stored.
   *
   * @throws SignInError `untrusted` if the answer is about another user, `misconfigured` if the provider has no userinfo,
   *   signs it, refuses the access token, or refuses requests of this origin (CORS); `unreachable`
   * @throws TokenError as `getAuthToken()` does, and `session-changed` if another user signed in meanwhile
   */
  userInfo(auth: OidcManager, options?: UserInfoOptions): Promise<Claims>
  /**
   * Signs out here at once, also offline, and then at the provider (OpenID Connect RP-Initiated Logout). If the provider
   * does not answer, or has no such address, the promise resolves, and the provider's own session stays.
   *
   * @throws TokenError `storage` if the sign-out could not be stored
   */
  signOutWithRedirect(auth: OidcManager): Promise<void>
}
