import { isSignedIn, settled, type Claims } from '@tokenkeep/core'
import type { Callback } from './callback.ts'
import { SignInError, withReturnTo } from './errors.ts'
import type { CompletedSignIn, OidcManager } from './api.ts'
import type { OidcOptions, PopupOptions, SignInOptions, UserInfoOptions } from './options.ts'
import type { Page, Popup } from './page.ts'
import { closePopup, waitForPopup } from './popup.ts'
import { createProtocol } from './protocol.ts'
import { safeReturnTo } from './return-to.ts'
import type { SignInEntry, SignIns } from './sign-ins.ts'
import { idTokenHintOf, isReachable, signOutUrl } from './sign-out.ts'
import type { OidcSession, SignedIn } from './transport.ts'
import { fetchUserInfo } from './user-info.ts'

/** Where sign-ins take place. */
export interface Place {
  /** The transport's key: it names the provider. */
  readonly key: string
  readonly page: Page
  readonly signIns: SignIns
  redirectUri(): string
}

/** All that a page with a session does not need. It is loaded when a sign-in begins or ends. */
export interface Flow {
  leave(request: SignInOptions): Promise<void>
  /** Leaves the page, unless the last sign-ins of guards came back without a session. */
  leaveForGuard(returnTo: string | undefined): Promise<void>
  /** `popup`: undefined if the browser has blocked it. */
  signInWithPopup(
    auth: OidcManager,
    popup: Popup | undefined,
    request: PopupOptions,
  ): Promise<CompletedSignIn>
  /** Ends the sign-in that `taking` resolves to. Undefined: this browser does not know it. */
  complete(
    auth: OidcManager,
    callback: Callback,
    taking: Promise<SignInEntry | undefined>,
    returnTo: string,
  ): Promise<CompletedSignIn>
  userInfo(auth: OidcManager, request: UserInfoOptions): Promise<Claims>
  signOutAtProvider(session: OidcSession | undefined): Promise<void>
}

/** Sign-ins that a guard began within this time, and that brought no session, are a loop. Milliseconds. */
const LOOP_TIME = 60_000
const LOOP_LENGTH = 3

export function createFlow(options: OidcOptions, { key, page, signIns, redirectUri }: Place): Flow {
  const protocol = createProtocol(options)
  let leaving: Promise<void> | undefined

  /** Begins a sign-in. `url`: the provider's sign-in page. */
  const begin = async (
    request: SignInOptions,
    kind: { readonly isAutomatic: boolean; readonly isPopup?: boolean },
  ): Promise<{ readonly state: string; readonly url: string; readonly returnTo: string }> => {
    const { url, state, asked } = await protocol.authorize(redirectUri(), request)
    const returnTo = safeReturnTo(request.returnTo ?? page.address() ?? '', page.base(), redirectUri())
    await withStorage(signIns.add({ state, provider: key, at: Date.now(), returnTo, asked, ...kind }))
    return { state, url, returnTo }
  }

  /** A double click leaves once. */
  const leave = (request: SignInOptions, isAutomatic: boolean): Promise<void> =>
    (leaving ??= begin(request, { isAutomatic })
      .then(({ url }) => page.leave(url))
      .finally(() => (leaving = undefined)))

  /** True if the last sign-ins of guards came back, all within a minute: then the next would come back too. */
  const isLoop = async (): Promise<boolean> => {
    const now = Date.now()
    const returned = (await withStorage(signIns.list(now))).filter(
      ({ at, isAutomatic, provider, asked }) =>
        isAutomatic && !asked && provider === key && now - at < LOOP_TIME,
    )
    return returned.length >= LOOP_LENGTH
  }

  const exchange = async (
    auth: OidcManager,
    { state, parameters }: Callback,
    { asked, returnTo }: SignInEntry,
  ): Promise<CompletedSignIn> => {
    try {
      const tokens = await protocol.exchange(parameters, state, asked!, redirectUri())
      if (!tokens) return { status: 'none', returnTo }
      const idTokenHint = idTokenHintOf(options, await protocol.discover(), tokens)
      await auth.signIn({ tokens, idTokenHint } as SignedIn)
      if (!tokens.refresh_token)
        options.onEvent?.({ type: 'no-refresh-token', advice: refreshTokenAdvice(options) })
      return { status: 'signed-in', returnTo }
    } catch (error) {
      throw withReturnTo(error, returnTo)
    }
  }

  return {
    leave: (request) => leave(request, false),
    async leaveForGuard(returnTo) {
      if (await isLoop()) throw new SignInError('redirect-loop', { returnTo })
      await leave(returnTo === undefined ? {} : { returnTo }, true)
    },
    async signInWithPopup(auth, popup, { signal, ...request }) {
      if (!popup) throw new SignInError('popup-blocked')
      signal?.addEventListener('abort', () => popup.close(), { once: true })
      const { returnTo, ...begun } = await begin(request, { isAutomatic: false, isPopup: true })
      try {
        return { status: await waitForPopup(auth, { popup, signal, ...begun }), returnTo }
      } catch (error) {
        // An aborted sign-in can no longer be completed.
        if (signal?.aborted) await signIns.take(begun.state, key, Date.now()).catch(() => {})
        throw withReturnTo(error, returnTo)
      }
    },
    async complete(auth, callback, taking, returnTo) {
      const entry = await withStorage(taking)
      if (!entry && !isSignedIn(await settled(auth))) throw new SignInError('sign-in-lost', { returnTo })
      if (!entry?.asked) {
        if (entry?.isPopup) await page.close()
        return { status: 'repeated', returnTo }
      }
      const exchanging = exchange(auth, callback, entry)
      return entry.isPopup ? closePopup(page, auth, callback.state, exchanging) : exchanging
    },
    async userInfo(auth, request) {
      return fetchUserInfo(auth, await protocol.discover(), options.corsAdvice, request)
    },
    async signOutAtProvider(session) {
      const endpoint =
        options.signOut?.endpoint ?? (await protocol.discover().catch(() => {}))?.end_session_endpoint
      if (endpoint && (await isReachable(options)))
        await page.leave(signOutUrl(options, endpoint, page.base(), session?.idToken))
    },
  }
}

const withStorage = <T>(work: Promise<T>): Promise<T> =>
  work.catch((cause: unknown) => {
    throw new SignInError('storage', { cause })
  })

const refreshTokenAdvice = ({ scope, refreshTokenAdvice: advice }: OidcOptions): string =>
  scope !== undefined && !scope.split(' ').includes('offline_access')
    ? 'Ask for the scope offline_access, unless the provider needs no scope for refresh tokens.'
    : (advice ?? 'Allow the grant refresh_token for this client at the provider.')
