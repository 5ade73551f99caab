import { readAnswer } from '../management/read-response.ts'
import { isManagementError, ManagementError } from '../management/management-error.ts'
import { serverSentEvents, type ServerSentEvent } from './server-sent-events.ts'

export interface RevocationStreamOptions {
  readonly url: string
  readonly apiKey: string
  readonly fetch: typeof fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Milliseconds without a word after which a connection counts as lost. The server says something every 15 s. */
const silence = 20_000

/**
 * The events of one connection to the feed, from `cursor` on, until `signal`, silence or the server ends it: then it
 * throws a `ManagementError`. `alive` is called for whatever arrives.
 */
export async function* revocationStream(
  { url, apiKey, fetch, now }: RevocationStreamOptions,
  cursor: string | undefined,
  alive: () => void,
  signal: AbortSignal,
): AsyncGenerator<ServerSentEvent, never> {
  const connection = new AbortController()
  const abort = (): void => connection.abort()
  let patience = setTimeout(abort, silence)
  const heard = (): void => {
    clearTimeout(patience)
    patience = setTimeout(abort, silence)
    alive()
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
    if (!response.ok) readAnswer(response, await response.text(), now())
    if (!response.body || !response.headers.get('content-type')?.startsWith('text/event-stream'))
      throw new ManagementError('unexpected_answer', 'not an event stream', { status: response.status })
    yield* serverSentEvents(response.body, heard)
    throw new Error('the server has ended the stream')
  } catch (cause) {
    if (isManagementError(cause)) throw cause
    throw new ManagementError('unreachable', 'the revocation feed broke off', { cause })
  } finally {
    clearTimeout(patience)
    signal.removeEventListener('abort', abort)
    abort()
  }
}
