import * as oauth from 'oauth4webapi'
import { SignInError, type SignInErrorCode } from './errors.ts'

/** What an error code of a provider means (RFC 6749 sections 4.1.2.1 and 5.2, OpenID Connect Core section 3.1.2.6). */
const meanings: Readonly<Record<string, SignInErrorCode>> = {
  invalid_client: 'misconfigured',
  invalid_request: 'misconfigured',
  invalid_request_object: 'misconfigured',
  invalid_scope: 'misconfigured',
  invalid_target: 'misconfigured',
  request_not_supported: 'misconfigured',
  unauthorized_client: 'misconfigured',
  unsupported_grant_type: 'misconfigured',
  unsupported_response_type: 'misconfigured',
  // The code is expired, or was used before.
  invalid_grant: 'sign-in-lost',
  server_error: 'unreachable',
  temporarily_unavailable: 'unreachable',
}

/** What to change at the provider. */
const advice: Readonly<Record<string, string>> = {
  invalid_client:
    'Register the app as a public client (single-page app, no secret), and check the client id.',
  invalid_scope: 'Allow each scope for this client at the provider, or ask for fewer.',
  invalid_target: 'Register the resource or the audience at the provider, and allow it for this client.',
  unauthorized_client: 'Allow the grant authorization_code for this client at the provider.',
  unsupported_grant_type: 'Allow the grant authorization_code for this client at the provider.',
  unsupported_response_type: 'Allow the response type code for this client at the provider.',
}

const ofProvider = (error: string, description: string | undefined, code: string): SignInError => {
  const wantsSecret = /client.?secret/i.test(description ?? '')
  const sentences = [
    `The provider answered ${error}.`,
    // A server may repeat the code in its description.
    description?.replaceAll(code, ''),
    wantsSecret
      ? 'This provider gives browsers no tokens without a secret: sign in through your server.'
      : advice[error],
  ]
  return new SignInError(wantsSecret ? 'misconfigured' : (meanings[error] ?? 'denied'), {
    cause: new Error(sentences.filter(Boolean).join(' ')),
  })
}

/** What these failures of oauth4webapi mean. All others are failed checks. */
const ofKind: Readonly<Record<string, SignInErrorCode>> = {
  [oauth.HTTP_REQUEST_FORBIDDEN]: 'misconfigured',
  [oauth.INVALID_SERVER_METADATA]: 'misconfigured',
  [oauth.JSON_ATTRIBUTE_COMPARISON]: 'misconfigured',
  [oauth.MISSING_SERVER_METADATA]: 'misconfigured',
  // A captive portal or a proxy has answered.
  [oauth.PARSE_ERROR]: 'unreachable',
  [oauth.RESPONSE_IS_NOT_JSON]: 'unreachable',
}

/**
 * Turns an error of a sign-in into one of ours. Values of claims and parameters are left out: they may be secrets. `code`:
 * the code of the sign-in.
 */
export function toSignInError(error: unknown, code = ''): SignInError {
  if (error instanceof SignInError) return error
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError)
    return 'status' in error && error.status >= 500
      ? new SignInError('unreachable', { cause: new Error(`The provider answered ${error.status}.`) })
      : ofProvider(error.error, error.error_description, code)
  if (error instanceof oauth.WWWAuthenticateChallengeError)
    return ofProvider('invalid_client', undefined, code)
  if (!(error instanceof Error)) return new SignInError('untrusted', { cause: error })
  const { code: kind = '' } = error as { readonly code?: string }
  if (error.cause instanceof Response) return ofStatus(error.cause.status)
  const { claim } = Object(error.cause) as { readonly claim?: string }
  return new SignInError(ofKind[kind] ?? 'untrusted', { claim, cause: new Error(error.message) })
}

/** The provider answered with this status, and not as the protocol says. */
export const ofStatus = (status: number): SignInError =>
  new SignInError(status >= 500 || status === 429 || status === 200 ? 'unreachable' : 'misconfigured', {
    cause: new Error(`The provider answered ${status}, and not as a provider does.`),
  })

export const misconfigured = (sentence: string): SignInError =>
  new SignInError('misconfigured', { cause: new Error(sentence) })
