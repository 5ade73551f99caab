import { browserEnvironment } from '@tokenkeep/core'
import { SignInError } from './errors.ts'

interface Init {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: BodyInit | null | undefined
}

/**
 * Sends a request with the core's deadline of 10 seconds. The browser does not say why a request failed. So a second
 * one, whose answer no page may read, tells a provider that is down from one that refuses this origin (CORS).
 */
export const sender =
  (corsAdvice = 'Register this origin for the client at the provider (CORS).') =>
  async (url: string, { method, headers, body }: Init): Promise<Response> => {
    try {
      const init = { method, headers, ...(body && { body: String(body) }) }
      return (await browserEnvironment.fetch(url, init)) as Response
    } catch (cause) {
      if (!(await isThere(url))) throw new SignInError('unreachable', { cause })
      const { origin, pathname } = new URL(url)
      const sentence = `${origin}${pathname} is there, but its answer cannot be read. ${corsAdvice} It may also be a redirect.`
      throw new SignInError('misconfigured', { cause: new Error(sentence, { cause }) })
    }
  }

const isThere = async (url: string): Promise<boolean> => {
  try {
    await fetch(url, { mode: 'no-cors', credentials: 'omit', signal: AbortSignal.timeout(5000) })
    return true
  } catch {
    return false
  }
}
