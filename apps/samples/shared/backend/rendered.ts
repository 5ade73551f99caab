// What a server-rendered sample needs on its server, beside its sessions. The API runs in the same process as the pages.
import { createBackend, type AuthResult, type Backend } from '@tokenkeep/backend'
import type { Account } from '../src/account.ts'
import type { ServerAnswer } from '../src/server-answer.ts'
import { isName, startSession } from './accounts.ts'
import { createApi } from './api.ts'
import { readBackendConfig } from './config.ts'

interface Parts {
  readonly tokenkeep: Backend
  readonly api: ReturnType<typeof createApi>
}

let parts: Parts | undefined
/** Created by the first request: a framework's build loads this module too, and must not connect to a server. */
const start = (): Parts => {
  const tokenkeep = createBackend(readBackendConfig())
  return { tokenkeep, api: createApi(tokenkeep) }
}
const started = (): Parts => (parts ??= start())

/** Answers a request of the browser to the API. */
export const answerApi = async (request: Request): Promise<Response> => started().api.fetch(request)

/** Calls the API with the token of a session, while a page is rendered. */
export async function askApi(session: { getAuthToken(): Promise<string> }): Promise<ServerAnswer> {
  const at = `${new Date().toISOString().slice(11, 19)} UTC`
  try {
    const headers = { authorization: `Bearer ${await session.getAuthToken()}` }
    const response = await started().api.request('/api/account', { headers })
    const answer = `${response.status}`
    if (!response.ok) return { at, answer }
    const { user, name } = (await response.json()) as Account
    return { at, answer, account: { user, name } }
  } catch (error) {
    return { at, answer: (error as { code?: string }).code ?? 'no answer' }
  }
}

const refuse = (status: number, text: string): Response =>
  new Response(text, { status, headers: { 'content-type': 'text/plain' } })

/**
 * Answers the sign-in form. This sample accepts any name. A real sign-in checks a password, a one-time code or a single
 * sign-on.
 */
export async function answerSignIn(
  request: Request,
  session: { signIn(result: AuthResult): Promise<void> },
): Promise<Response> {
  const name = (await request.formData()).get('identifier')
  if (!isName(name)) return refuse(400, 'Type a name of at most 200 characters.')
  try {
    await session.signIn(await startSession(started().tokenkeep, name.trim()))
  } catch (error) {
    console.error(`sign-in: ${(error as Error).message}`)
    return refuse(
      502,
      'The session server does not respond. Check that it is running, go back and try again.',
    )
  }
  return new Response(null, { status: 303, headers: { location: '/' } })
}
