import { isManagementError, ManagementError } from '../management/management-error.ts'
import { readResponse } from '../management/read-response.ts'
import { readServerSentEvents, type ServerSentEvent } from './server-sent-events.ts'

export interface RevocationStreamOptions {
  readonly url: string
  readonly apiKey: string
  readonly fetch: typeof fetch
  /** Returns the time in milliseconds since the Unix epoch. */
  readonly now: () => number
}

/** After this long without a byte, a connection counts as lost. Milliseconds. The server sends a comment every 15 s. */
export const SILENCE_TIMEOUT = 20_000

/**
 * Connects to the feed and yields its events after `cursor`. Calls `onActivity` for every chunk that arrives. It never returns:
 * it throws when the signal, a long silence or the server ends the connection.
 *
 * @throws ManagementError
 */
export async function* readRevocationStream(
  { url, apiKey, fetch, now }: RevocationStreamOptions,
  cursor: string | undefined,
  onActivity: () => void,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, never> {
  const connection = new AbortController()
  const abort = (): void => connection.abort()
  let silenceTimer = setTimeout(abort, SILENCE_TIMEOUT)
  const onBytes = (): void => {
    clearTimeout(silenceTimer)
    silenceTimer = setTimeout(abort, SILENCE_TIMEOUT)
    onActivity()
  }
  signal.addEventListener('abort', abort)
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'text/event-stream',
        authorization: `Bearer ${apiKey}`,
        ...(cursor && { 'last-event-id': cursor }),
      },
      redirect: 'manual',
      signal: connection.signal,
    })
    if (!response.ok) readResponse(response, await response.text(), now())
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw new ManagementError(
        'unexpected_answer',
        'This response is not an event stream: check url, and the proxies in front of the session server.',
        { status: response.status },
      )
    yield* readServerSentEvents(response.body, onBytes)
    throw new Error('The server ended the stream.')
  } catch (cause) {
    if (isManagementError(cause)) throw cause
    throw new ManagementError(
      'unreachable',
      'The revocation feed is disconnected: it reconnects by itself once the session server answers.',
      { cause },
    )
  } finally {
    clearTimeout(silenceTimer)
    signal.removeEventListener('abort', abort)
    abort()
  }
}
