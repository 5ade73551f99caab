import type { AuthFetch, Store } from '@tokenkeep/core'
import type { ChosenClaims } from './claims.ts'
import type { Page } from './page.ts'

/** The endpoints of a provider (RFC 8414 section 2), by their names in its metadata. */
export interface ProviderMetadata {
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly revocation_endpoint?: string
  /** OpenID Connect RP-Initiated Logout section 2.1. */
  readonly end_session_endpoint?: string
  /** OpenID Connect Core section 5.3. */
  readonly userinfo_endpoint?: string
  /** The algorithms of id tokens. Default: RS256 only. */
  readonly id_token_signing_alg_values_supported?: string[]
  /** True if each answer of the authorization endpoint names the issuer (RFC 9207). */
  readonly authorization_response_iss_parameter_supported?: boolean
}

/** What differs at one provider. The presets return it. */
export interface ProviderQuirks {
  /** Where to sign out, if the provider does not follow OpenID Connect RP-Initiated Logout. */
  readonly signOut?: {
    readonly endpoint: string
    /** The name of the parameter that has the address to come back to. */
    readonly returnParameter: string
  }
  /** What to change at the provider if it refuses requests of this origin (CORS). */
  readonly corsAdvice?: string
  /** What to change at the provider if it issues no refresh token. */
  readonly refreshTokenAdvice?: string
}

export type OidcEvent =
  /** The session cannot be renewed: the provider issued no refresh token. `advice` says what to change. */
  { readonly type: 'no-refresh-token'; readonly advice: string }

export interface OidcOptions extends ProviderQuirks {
  /** The provider's issuer, exactly as its metadata names it. `https:`, or `http:` on this machine. */
  readonly issuer: string
  readonly clientId: string
  /** Where the provider sends the user back. Default: `/callback`, below the `<base>` element's address if there is one. */
  readonly redirectUri?: string
  /** Where the provider sends the user after a sign-out. Default: the app's start page. */
  readonly postLogoutRedirectUri?: string
  /** Default: `openid profile email offline_access`. Without `openid` there is no id token, and no sign-in. */
  readonly scope?: string
  /** The API that the tokens are for, or several (RFC 8707). It is sent with each request for tokens. */
  readonly resource?: string | readonly string[]
  /** The API that the tokens are for, at providers that call it `audience`. */
  readonly audience?: string
  /** More parameters of each sign-in, such as `organization` or `domain_hint`. */
  readonly params?: Readonly<Record<string, string>>
  /** The provider's endpoints. Default: they are discovered (OpenID Connect Discovery). */
  readonly metadata?: ProviderMetadata
  /** Names the session's record in storage. Default: made of the issuer, the client id, the audience and the resources. */
  readonly key?: string
  /**
   * The claims of the id token that the session keeps: their names, or a function that returns them. Default: `name`,
   * `preferred_username`, `email`, `email_verified`, `picture`, `roles`, `auth_time`, `acr` and `amr`. `iss`, `sub` and `sid`
   * are always kept. The function gets what the provider sent, unchecked. If it throws at a sign-in, the sign-in fails; at a
   * refresh, the claims stay as they were.
   */
  readonly claims?: ChosenClaims
  /** Where sign-ins wait for their callback. All tabs must share it. Default: an IndexedDB database of its own. */
  readonly storage?: Store
  /** How the page is read and left. Default: `browserPage`. */
  readonly page?: Page
  /** Called with each event, for logs and developer tools. */
  readonly onEvent?: (event: OidcEvent) => void
}

/** What one sign-in asks for. */
export interface SignInOptions {
  /**
   * The page that the user wants: an address of the app's origin. Another origin is replaced by the app's start page.
   * Default: the page that is shown.
   */
  readonly returnTo?: string
  /** OpenID Connect Core section 3.1.2.1: `none`, `login`, `consent` or `select_account`, or several, separated by spaces. */
  readonly prompt?: string
  /** The name or address that the user signs in with. */
  readonly loginHint?: string
  /**
   * The user must have proved who they are within this time. Seconds; 0 asks again now. The answer is checked: `auth_time`
   * of the id token.
   */
  readonly maxAge?: number
  /** The accepted assurance levels, separated by spaces. The answer is checked: `acr` of the id token. */
  readonly acrValues?: string
  /**
   * The user who must come back, such as `auth.session()?.userId` for a step-up. Another user is refused, and the session
   * stays as it is.
   */
  readonly userId?: string
  /** More parameters of this sign-in. */
  readonly params?: Readonly<Record<string, string>>
}

export interface PopupOptions extends SignInOptions {
  /** Gives the sign-in up: the popup is closed, and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface UserInfoOptions {
  /**
   * Sends the request with the access token. Default: as a bearer token, and once more after one refresh if the provider
   * answers 401. Pass `createAuthFetch(auth, { origins, proof: sendProof })` if the tokens are bound to a key (DPoP).
   */
  readonly fetch?: AuthFetch
}
