import type { ErrorCode, OAuthErrorCode } from '@tokenkeep/protocol'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Logger } from 'pino'
import { HttpError } from '../errors.ts'
import type { Env } from './request.ts'
import { NotStorable, StoreUnavailable } from '../store/database.ts'

/** What somebody who guesses is answered with. A refused refresh has limits of its own. */
const guesses = new Set<string>([
  'invalid_access_token',
  'invalid_client',
  'webauthn_login_failed',
  'user_not_found',
  'user_has_no_passkeys',
  'app_not_found',
  'origin_not_allowed',
] satisfies (ErrorCode | OAuthErrorCode)[])

/** Answers whatever was thrown with a coded error, in the dialect of the route: never a stack, never a page. */
export async function answerFailure(thrown: unknown, c: Context<Env>, log: Logger): Promise<Response> {
  const { limits, metrics } = c.env.instance
  let error = thrown instanceof HttpError ? thrown : undefined
  if (thrown instanceof StoreUnavailable) {
    // The store's trouble is never the client's: nobody is signed out for it.
    metrics.storeErrors.inc()
    log.error({ request: c.get('request'), err: thrown }, 'store')
    error = new HttpError(503, 'unavailable', 'try again in a moment', { headers: { 'retry-after': '1' } })
  } else if (thrown instanceof NotStorable) {
    error = new HttpError(400, 'invalid_request', thrown.message)
  } else if (!error) {
    log.error({ request: c.get('request'), err: thrown }, 'error')
    error = new HttpError(500, 'internal_server_error', 'something went wrong here')
  }
  // Junk is a guess too. A token of ours that is refused is not, and whoever manages has proven who they are.
  const guessed = guesses.has(error.code) || (error.code === 'invalid_refresh_token' && !error.reason)
  if (guessed && !c.get('actor')) error = await limits.failed(c.env.address, error)
  return write(error, c)
}

/** What a code of ours is called in RFC 6749, where it has another name there. */
const oauthNames: Readonly<Record<string, OAuthErrorCode>> = {
  invalid_refresh_token: 'invalid_grant',
  payload_too_large: 'invalid_request',
  unavailable: 'temporarily_unavailable',
  internal_server_error: 'server_error',
}

function write({ status, code, message, reason, headers }: HttpError, c: Context<Env>): Response {
  const oauth = c.req.path.includes('/oauth/')
  const name = oauth ? (oauthNames[code] ?? code) : code
  // RFC 6749 section 5.2: a grant that is not accepted is a bad request.
  const answered = name === 'invalid_grant' ? 400 : status
  c.header('cache-control', 'no-store')
  if (answered === 401) c.header('www-authenticate', oauth ? 'Basic realm="tokenkeep"' : 'Bearer')
  for (const [header, value] of Object.entries(headers)) c.header(header, value)
  const body = oauth
    ? { error: name, error_description: message }
    : { code, error: message, ...(reason && { reason }) }
  return c.json(body, answered as ContentfulStatusCode)
}
