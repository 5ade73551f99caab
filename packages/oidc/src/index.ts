export { isSignInError, SignInError } from './errors.ts'
export { oidc } from './oidc.ts'
export { browserPage } from './page.ts'
export { auth0, cognito, entra, keycloak, logto, okta } from './presets.ts'

export type { SignInErrorCode, SignInErrorDetails } from './errors.ts'
export type { CompletedSignIn, Oidc, OidcManager } from './api.ts'
export type { ChosenClaims } from './claims.ts'
export type {
  OidcEvent,
  OidcOptions,
  PopupOptions,
  ProviderMetadata,
  ProviderQuirks,
  SignInOptions,
  UserInfoOptions,
} from './options.ts'
export type { Page, Popup } from './page.ts'
export type { Preset } from './presets.ts'
export type { OidcSession, SignedIn } from './transport.ts'
