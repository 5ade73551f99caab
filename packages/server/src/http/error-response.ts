import type { ErrorCode, OAuthErrorCode } from '@tokenkeep/protocol'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { ApiError } from '../errors.ts'
import { StoreUnavailableError, UnstorableTextError } from '../store/database.ts'
import type { Guess } from './rate-limits.ts'
import type { Env } from './request.ts'

/** The error codes that count as wrong guesses, and what was guessed. Refused refreshes with a reason have their own limit. */
const GUESSES: Partial<Readonly<Record<ErrorCode | OAuthErrorCode, Guess>>> = {
  invalid_access_token: 'token',
  invalid_refresh_token: 'token',
  invalid_dpop_proof: 'token',
  invalid_client: 'secret',
  webauthn_login_failed: 'passkey',
  user_not_found: 'name',
  user_has_no_passkeys: 'name',
  app_not_found: 'name',
  origin_not_allowed: 'name',
}

/** Turns anything thrown into a coded error in the dialect of the route. It never shows a stack or HTML. */
export function toErrorResponse(thrown: unknown, c: Context<Env>, log: Logger): Response {
  const { limits, metrics } = c.env.instance
  let error = thrown instanceof ApiError ? thrown : undefined
  if (thrown instanceof StoreUnavailableError) {
    // A failure of the store must never sign anyone out, so it is a 503 and never a 401.
    metrics.storeErrors.inc()
    log.error({ request: c.get('request'), err: thrown }, 'store')
    error = new ApiError('unavailable', 'the database is not available: try again in a moment', {
      headers: { 'retry-after': '1' },
    })
  } else if (thrown instanceof UnstorableTextError) {
    error = new ApiError('invalid_request', thrown.message)
  } else if (!error) {
    log.error({ request: c.get('request'), err: thrown }, 'error')
    error = new ApiError('internal_server_error', 'the server failed: look for the request id in its log')
  }
  // A refusal with a reason is not a guess, because this server signed the token. A request of a manager is never a guess.
  const guess = error.reason ? undefined : GUESSES[error.code]
  if (guess && !c.get('actor')) error = limits.countFailure(c.env.address, guess, error)
  return writeError(error, c)
}

/** The codes that have another name in OAuth (RFC 6749), with that name. */
const OAUTH_CODES: Readonly<Record<string, OAuthErrorCode>> = {
  invalid_refresh_token: 'invalid_grant',
  superseded: 'invalid_grant',
  payload_too_large: 'invalid_request',
  unavailable: 'temporarily_unavailable',
  internal_server_error: 'server_error',
}

/** Writes an error in the dialect of the route. */
export function writeError({ code, status, message, reason, headers }: ApiError, c: Context<Env>): Response {
  const oauth = c.req.path.includes('/oauth/')
  const name = oauth ? (OAUTH_CODES[code] ?? code) : code
  // RFC 6749 section 5.2: invalid_grant is a 400. Other codes keep their status in both dialects.
  const sentStatus = name === 'invalid_grant' ? 400 : status
  c.header('cache-control', 'no-store')
  if (sentStatus === 401) c.header('www-authenticate', oauth ? 'Basic realm="tokenkeep"' : 'Bearer')
  for (const [header, value] of Object.entries(headers)) c.header(header, value)
  const body = oauth
    ? { error: name, error_description: message, ...(code === 'superseded' && { superseded: true }) }
    : { code, error: message, ...(reason && { reason }) }
  return c.json(body, sentStatus as ContentfulStatusCode)
}
