export { isSignInError, SignInError } from './errors.ts'
export { oidc } from './oidc.ts'
export { browserPage } from './page.ts'

export type { SignInErrorCode, SignInErrorDetails } from './errors.ts'
export type { CompletedSignIn, Oidc, OidcManager } from './oidc.ts'
export type { OidcEvent, OidcOptions, ProviderMetadata, ProviderQuirks, SignInOptions } from './options.ts'
export type { Page } from './page.ts'
export type { OidcSession, SignedIn } from './transport.ts'
