import type { Client, Open, Session } from './peer.ts'
import { time } from './time.ts'

/** Runs in a page: holds one client, and returns the functions that the bench calls. */
export function page(open: Open) {
  let client: Client

  /** Resolves to undefined if there is no token, or if the API would reject it. */
  async function token(): Promise<string | undefined> {
    const answer = await client.token()
    return answer && isAlive(answer) ? answer : undefined
  }

  return {
    async open(session?: Session): Promise<void> {
      client = await open(location.origin, session)
    },
    token,
    /** Creates the client from its storage. Resolves to how long its first token took. Milliseconds. */
    async first(): Promise<number> {
      const since = performance.now()
      client = await open(location.origin)
      if (!(await token())) throw new Error('There is no token after a reload.')
      return performance.now() - since
    },
    /** Resolves to how many of `callers` parallel calls got a token. */
    async stampede(callers: number): Promise<number> {
      const answers = await Promise.allSettled(Array.from({ length: callers }, token))
      return answers.filter((answer) => answer.status === 'fulfilled' && answer.value).length
    },
    time: (calls: number) => time(client, calls),
    async signOut(): Promise<void> {
      await client.signOut()
    },
  }
}

export type PageOfPeer = ReturnType<typeof page>

/** Checks `exp` by the page's clock, which agrees with the server's. A token without `exp` does not expire. */
function isAlive(token: string): boolean {
  const { exp } = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as {
    exp?: number
  }
  return exp === undefined || exp * 1000 > Date.now()
}
