import { issuerOf, type App } from './app.ts'
import { PassageError } from './errors.ts'

/** Sends a request of Passage's dialect. Throws {@link PassageError} with the server's status and message. */
export async function callApi<Reply>(
  app: App,
  method: string,
  path: string,
  { token, body }: { readonly token?: string; readonly body?: object } = {},
): Promise<Reply> {
  let response: Response
  try {
    response = await fetch(`${issuerOf(app)}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
  } catch (cause) {
    throw new PassageError(503, 'Unreachable', 'The session server did not answer: try again.', {
      code: 'unreachable',
      cause,
    })
  }
  const text = await response.text()
  if (response.ok) return (text ? JSON.parse(text) : undefined) as Reply
  throw new PassageError(response.status, response.statusText, messageOf(text))
}

function messageOf(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text)
  } catch {
    return text
  }
}
