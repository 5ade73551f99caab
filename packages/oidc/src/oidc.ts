import { indexedDbStore, isSignedIn, settled, TokenError } from '@tokenkeep/core'
import type { CompletedSignIn, Oidc, OidcManager } from './api.ts'
import { readCallback, type Callback } from './callback.ts'
import type { Flow } from './flow.ts'
import type { OidcOptions } from './options.ts'
import { browserPage, type Popup } from './page.ts'
import { signInsIn } from './sign-ins.ts'
import { oidcTransport } from './transport.ts'

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
  const { page = browserPage, storage = indexedDbStore('tokenkeep-sign-ins') } = options
  const transport = oidcTransport(options)
  const { key } = transport
  const signIns = signInsIn(storage)
  const redirectUri = (): string => new URL(options.redirectUri ?? 'callback', page.base()).href
  const completions = new Map<string, Promise<CompletedSignIn | undefined>>()
  let completing: Promise<unknown> | undefined
  let loading: Promise<Flow> | undefined
  let open: { readonly popup: Popup; readonly result: Promise<CompletedSignIn> } | undefined

  /** If the code cannot be loaded, for example offline, the next call tries again. */
  const load = (): Promise<Flow> =>
    (loading ??= import('./flow.ts').then(
      ({ createFlow }) => createFlow(options, { key, page, signIns, redirectUri }),
      (cause: unknown) => {
        loading = undefined
        throw new TokenError('unreachable', { cause })
      },
    ))

  const complete = async (auth: OidcManager, callback: Callback): Promise<CompletedSignIn | undefined> => {
    const taking = signIns.take(callback.state, key, Date.now())
    const entry = await taking.catch(() => {})
    if (entry && entry.provider !== key) return undefined
    const returnTo = entry?.returnTo ?? new URL('.', page.base()).pathname
    page.replaceAddress(returnTo)
    return (await load()).complete(auth, callback, taking, returnTo)
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

  return {
    transport,
    signInWithRedirect: async (request = {}) => (await load()).leave(request),
    async signInWithPopup(auth, request = {}) {
      request.signal?.throwIfAborted()
      if (open && !open.popup.isClosed()) {
        open.popup.focus()
        return open.result
      }
      // Before any `await`: browsers block a popup that does not come directly from a click.
      const popup = page.openPopup()
      const result = load()
        .then((flow) => flow.signInWithPopup(auth, popup, request))
        .finally(() => {
          popup?.close()
          if (open?.popup === popup) open = undefined
        })
      open = popup && { popup, result }
      return result
    },
    completeSignIn,
    async ensureSignedIn(auth, returnTo) {
      // The guard may run on the callback itself, or while the callback is completed.
      await (completing ?? completeSignIn(auth))
      if (isSignedIn(await settled(auth))) return true
      await (await load()).leaveForGuard(returnTo)
      return false
    },
    userInfo: async (auth, request = {}) => (await load()).userInfo(auth, request),
    async signOutWithRedirect(auth) {
      const session = auth.session()
      await auth.signOut()
      // Offline, the user is signed out here only.
      await (await load().catch(() => {}))?.signOutAtProvider(session)
    },
  }
}
