import { createAuthFetch, type TokenManager } from '@tokenkeep/core'
import type { AuthResult } from '@tokenkeep/protocol'

/** What a platform's program gives to the walk. */
export interface Start {
  /** Opens the manager, as the app does when it starts. */
  readonly create: () => TokenManager<AuthResult>
  /** What the session server issued at the sign-in. */
  readonly issued: AuthResult
  /** The origin of the session server, and an API of it that needs a token. */
  readonly url: string
  readonly api: string
  /** True if the session outlives the program on this platform. */
  readonly isKept: boolean
}

/** What happened. Every platform has to report the same. */
export interface Report {
  readonly status: string
  /** How many different tokens 20 simultaneous callers got after the expiry, and whether they are new. */
  readonly tokens: number
  readonly isNew: boolean
  /** The status of an API call with the token, and of one that may have none. */
  readonly answers: readonly number[]
  readonly afterRestart: string
  readonly afterSignOut: string
  readonly code: string
}

/** The life of a session: sign-in, expiry, a refresh for all callers, API calls, a restart, sign-out. */
export async function walk({ create, issued, url, api, isKept }: Start): Promise<Report> {
  let auth = create()
  await auth.signIn(issued)
  const first = await auth.getAuthToken()
  const { status } = auth.get()
  await until(() => auth.get().status === 'expired')
  const got = await Promise.all(Array.from({ length: 20 }, () => auth.getAuthToken()))
  const call = createAuthFetch(auth, { origins: [url] })
  const answers: number[] = []
  for (const init of [{}, { authToken: 'never' }]) {
    const response = await call(api, init as RequestInit)
    // Deno keeps a program running whose response was not read.
    await response.text()
    answers.push(response.status)
  }
  if (isKept) {
    auth.dispose()
    auth = create()
  }
  await auth.getAuthToken()
  const afterRestart = auth.get().status
  await auth.signOut()
  const afterSignOut = auth.get().status
  const code = await auth.getAuthToken().then(
    () => 'a token',
    (error: { code: string }) => error.code,
  )
  return {
    status,
    tokens: new Set(got).size,
    isNew: got[0] !== first,
    answers,
    afterRestart,
    afterSignOut,
    code,
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50))
}
