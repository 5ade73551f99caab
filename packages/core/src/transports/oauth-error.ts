import type { HttpResponse } from '../platform.ts'
import type { Answer, Failed } from '../tabs/answer.ts'
import { failure } from './failure.ts'
import type { RefreshRequest } from './transport.ts'

/** What a server's error code means for the session. */
type Meaning = 'over' | Failed['failed']

/**
 * The error codes of token endpoints that mean something else than their HTTP status. The fixtures in
 * `packages/core/test/providers.ts` name the servers that send them, with sources.
 */
const meanings: Readonly<Record<string, Meaning>> = {
  // RFC 6749 section 5.2.
  invalid_grant: 'over',
  // Servers that have a code of their own for a refresh token that is expired, revoked, or used already.
  bad_refresh_token: 'over',
  token_inactive: 'over',
  refresh_token_already_used: 'over',
  refresh_token_not_found: 'over',
  session_expired: 'over',
  session_not_found: 'over',
  user_banned: 'over',
  user_not_found: 'over',
  INVALID_REFRESH_TOKEN: 'over',
  TOKEN_EXPIRED: 'over',
  USER_DISABLED: 'over',
  USER_NOT_FOUND: 'over',
  // Sent as a description, with the code `invalid_request`.
  'Errors.OIDCSession.RefreshTokenInvalid': 'over',
  'session not found': 'over',
  // OpenID Connect Core section 3.1.2.6: only the user can go on, at the sign-in page.
  account_selection_required: 'sign-in-required',
  consent_required: 'sign-in-required',
  interaction_required: 'sign-in-required',
  login_required: 'sign-in-required',
  // The server asks for a second factor, or its rules deny this session for now.
  access_denied: 'sign-in-required',
  mfa_required: 'sign-in-required',
  // RFC 6749 section 4.1.2.1; some servers send these codes with a status below 500.
  server_error: 'unreachable',
  temporarily_unavailable: 'unreachable',
  over_request_rate_limit: 'throttled',
  rate_limit_exceeded: 'throttled',
  slow_down: 'throttled',
  TOO_MANY_ATTEMPTS_TRY_LATER: 'throttled',
  too_many_requests: 'throttled',
}

/** An error as token endpoints send it: RFC 6749 section 5.2, and what some servers send instead. */
export interface OAuthErrorBody {
  readonly error?: unknown
  readonly error_code?: unknown
  readonly error_description?: unknown
  /** The refresh token is older than the one that this browser has stored, so the session is not over. */
  readonly superseded?: unknown
}

/** Reads an answer without tokens. Only a known error code ends the session, never a status alone. */
export function readOAuthError(
  response: HttpResponse,
  body: OAuthErrorBody | undefined,
  { session, refreshToken = '' }: RefreshRequest,
  now: number,
): Answer {
  const { status } = response
  const { error, error_code: ownCode, error_description: description, superseded } = Object(body)
  const texts = [ownCode, Object(error).message, error, description].filter(
    (text) => typeof text === 'string' && text,
  ) as string[]
  const known = texts.find((text) => Object.hasOwn(meanings, text))
  // A server that fails knows nothing about the session.
  const meaning = status < 500 && superseded !== true && known ? meanings[known] : undefined
  if (meaning === 'over') return { refused: 'revoked' }
  const { failed, retryAfter } = failure(response, now)
  const sentence = [`The token endpoint answered ${status}.`, ...texts].join(' ')
  return {
    // A success without tokens is not the server's: a captive portal or a proxy has answered.
    failed: meaning ?? (response.ok || superseded === true ? 'unreachable' : failed),
    retryAfter,
    // A server may repeat the token in its description.
    cause: new Error(sentence.replaceAll(refreshToken, '')),
    ...(meaning === 'sign-in-required' && { session: { ...session, renewable: false } }),
  }
}
