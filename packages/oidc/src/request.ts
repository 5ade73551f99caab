import { browserEnvironment, isTokenError } from '@tokenkeep/core'
import { SignInError } from './errors.ts'

interface Init {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: BodyInit | null | undefined
}

/** Sends a request with the core's deadline of 10 seconds. */
export const sender =
  (corsAdvice?: string) =>
  (url: string, { method, headers, body }: Init): Promise<Response> => {
    const init = { method, headers, ...(body && { body: String(body) }) }
    return (browserEnvironment.fetch(url, init) as Promise<Response>).catch(explain(url, corsAdvice))
  }

/**
 * Says why a request failed, which the browser does not. A second one, whose answer no page may read, tells a provider
 * that is down from one that refuses this origin (CORS).
 */
export const explain =
  (url: string, corsAdvice = 'Register this origin for the client at the provider (CORS).') =>
  async (cause: unknown): Promise<never> => {
    // There was no token to send.
    if (isTokenError(cause)) throw cause
    if (!(await isThere(url))) throw new SignInError('unreachable', { cause })
    const { origin, pathname } = new URL(url)
    const sentence = `${origin}${pathname} is there, but its answer cannot be read. ${corsAdvice} It may also be a redirect.`
    throw new SignInError('misconfigured', { cause: new Error(sentence, { cause }) })
  }

/** Tells whether a server answers now. An error is an answer too. */
export const isThere = async (url: string): Promise<boolean> => {
  try {
    const signal = AbortSignal.timeout(5000)
    await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal })
    return true
  } catch {
    return false
  }
}
