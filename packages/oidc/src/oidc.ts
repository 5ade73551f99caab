import { indexedDbStore, isSignedIn, settled, type TokenManager, type Transport } from '@tokenkeep/core'
import { readCallback, type Callback } from './callback.ts'
import { SignInError, withReturnTo } from './errors.ts'
import type { OidcOptions, SignInOptions } from './options.ts'
import { browserPage } from './page.ts'
import type { Protocol } from './protocol.ts'
import { safeReturnTo } from './return-to.ts'
import { signInsIn } from './sign-ins.ts'
import { signOutUrl } from './sign-out.ts'
import { oidcTransport, type OidcSession, type SignedIn } from './transport.ts'

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
   */
  signInWithRedirect(options?: SignInOptions): Promise<void>
  /**
   * Ends a sign-in, if the page is its callback; resolves to undefined on any other page. Call it before the first
   * render. It may be called any number of times: all calls for one callback share one result. The address bar is
   * cleaned before the first request. `url`: the callback. Default: the address of the page.
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
   * Signs out here at once, also offline, and then at the provider (OpenID Connect RP-Initiated Logout). If the provider
   * cannot be reached, or has no such address, the promise resolves, and the provider's own session stays.
   *
   * @throws TokenError `storage` if the sign-out could not be stored
   */
  signOutWithRedirect(auth: OidcManager): Promise<void>
}

const refreshTokenAdvice = ({ scope, refreshTokenAdvice: advice }: OidcOptions): string =>
  scope !== undefined && !scope.split(' ').includes('offline_access')
    ? 'Ask for the scope offline_access, unless the provider needs no scope for refresh tokens.'
    : (advice ?? 'Allow the grant refresh_token for this client at the provider.')

/** Sign-ins that a guard began within this time, and that brought no session, are a loop. Milliseconds. */
const LOOP_TIME = 60_000
const LOOP_LENGTH = 3

/**
 * Signs users in with an OpenID provider: authorization code with PKCE, in a public client. `createTokenManager` keeps
 * the session and refreshes it.
 *
 * @example
 * ```ts
 * import { createTokenManager } from '@tokenkeep/core'
 * import { oidc } from '@tokenkeep/oidc'
 *
 * const provider = oidc({ issuer: 'https://login.example.com', clientId: 'shop' })
 * const auth = createTokenManager({ transport: provider.transport })
 *
 * // Before the first render.
 * const back = await provider.completeSignIn(auth)
 * if (back?.status === 'none') console.log('nobody is signed in at the provider')
 * ```
 */
export function oidc(options: OidcOptions): Oidc {
  const { page = browserPage, storage = indexedDbStore('tokenkeep-sign-ins'), onEvent } = options
  const transport = oidcTransport(options)
  const signIns = signInsIn(storage)
  const redirectUri = (): string => new URL(options.redirectUri ?? 'callback', page.base()).href
  const completions = new Map<string, Promise<CompletedSignIn | undefined>>()
  let completing: Promise<unknown> | undefined
  let loading: Promise<Protocol> | undefined
  let leaving: Promise<void> | undefined

  /** If the code cannot be loaded, for example offline, the next call tries again. */
  const load = (): Promise<Protocol> =>
    (loading ??= import('./protocol.ts').then(
      ({ createProtocol }) => createProtocol(options),
      (cause: unknown) => {
        loading = undefined
        throw new SignInError('unreachable', { cause })
      },
    ))

  const withStorage = <T>(work: Promise<T>): Promise<T> =>
    work.catch((cause: unknown) => {
      throw new SignInError('storage', { cause })
    })

  const begin = async (request: SignInOptions, isAutomatic: boolean): Promise<void> => {
    const protocol = await load()
    const { url, state, asked } = await protocol.authorize(redirectUri(), request)
    const returnTo = safeReturnTo(request.returnTo ?? page.address() ?? '', page.base(), redirectUri())
    const entry = { state, provider: transport.key, at: Date.now(), returnTo, isAutomatic, asked }
    await withStorage(signIns.add(entry))
    await page.leave(url)
  }

  /** While a navigation is under way, it is the only one. */
  const leave = (request: SignInOptions, isAutomatic: boolean): Promise<void> =>
    (leaving ??= begin(request, isAutomatic).finally(() => (leaving = undefined)))

  const complete = async (
    auth: OidcManager,
    { state, parameters }: Callback,
  ): Promise<CompletedSignIn | undefined> => {
    const uri = redirectUri()
    const home = safeReturnTo('', page.base(), uri)
    const entry = await withStorage(signIns.take(state, transport.key, Date.now())).catch(
      (error: unknown) => {
        page.replaceAddress(home)
        throw error
      },
    )
    if (entry && entry.provider !== transport.key) return undefined
    const returnTo = entry?.returnTo ?? home
    page.replaceAddress(returnTo)
    if (!entry && !isSignedIn(await settled(auth))) throw new SignInError('sign-in-lost', { returnTo })
    if (!entry?.asked) return { status: 'repeated', returnTo }
    try {
      const protocol = await load()
      const tokens = await protocol.exchange(parameters, state, entry.asked, uri)
      if (!tokens) return { status: 'none', returnTo }
      await auth.signIn({ tokens } as SignedIn)
      if (!tokens.refresh_token) onEvent?.({ type: 'no-refresh-token', advice: refreshTokenAdvice(options) })
      return { status: 'signed-in', returnTo }
    } catch (error) {
      throw withReturnTo(error, returnTo)
    }
  }

  const completeSignIn: Oidc['completeSignIn'] = async (auth, { url = page.address() } = {}) => {
    const callback = url && readCallback(url, redirectUri())
    if (!callback) return undefined
    const { state } = callback
    const completion = completions.get(state) ?? complete(auth, callback)
    completions.set(state, completion)
    completing = completion
    return completion.finally(() => (completing = undefined))
  }

  /** True if the last sign-ins of guards came back, all within a minute: then the next would come back too. */
  const isLoop = async (): Promise<boolean> => {
    const now = Date.now()
    const returned = (await withStorage(signIns.list(now))).filter(
      ({ at, isAutomatic, provider, asked }) =>
        isAutomatic && !asked && provider === transport.key && now - at < LOOP_TIME,
    )
    return returned.length >= LOOP_LENGTH
  }

  return {
    transport,
    signInWithRedirect: (request = {}) => leave(request, false),
    completeSignIn,
    async ensureSignedIn(auth, returnTo) {
      // The guard may run on the callback itself, or while the callback is completed.
      await (completing ?? completeSignIn(auth))
      if (isSignedIn(await settled(auth))) return true
      if (await isLoop()) throw new SignInError('redirect-loop', { returnTo })
      await leave(returnTo === undefined ? {} : { returnTo }, true)
      return false
    },
    async signOutWithRedirect(auth) {
      const { idToken } = (auth.session() ?? {}) as Partial<OidcSession>
      await auth.signOut()
      // Offline, or without such an address, the user is signed out here all the same.
      const discover = async () => (await load()).discover()
      const endpoint = options.signOut?.endpoint ?? (await discover().catch(() => {}))?.end_session_endpoint
      if (endpoint) await page.leave(signOutUrl(options, endpoint, page.base(), idToken))
    },
  }
}
