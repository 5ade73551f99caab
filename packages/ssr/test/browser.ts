import { parseSetCookie } from 'cookie'

/** What one browser keeps for an app: its cookies. Responses change it in the order in which they arrive. */
export interface Browser {
  readonly cookies: Map<string, string>
  /** The value of the `Cookie` header. */
  header(): string
  /** Takes over the cookies of a response. */
  receive(response: Pick<Response, 'headers'>): void
}

export function createBrowser(cookies = new Map<string, string>()): Browser {
  return {
    cookies,
    header: () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    receive({ headers }) {
      for (const text of headers.getSetCookie()) {
        const { name, value = '', maxAge } = parseSetCookie(text)
        if (maxAge === 0) cookies.delete(name)
        else cookies.set(name, value)
      }
    },
  }
}

/** Whether the jar holds an epoch: the browser believes that somebody is signed in. */
export const epochIn = ({ cookies }: Browser): string | undefined =>
  [...cookies].find(([name]) => /tk-\w+$/.test(name))?.[1]
/** The name of the record's cookie. */
export const recordIn = ({ cookies }: Browser): string | undefined =>
  [...cookies.keys()].find((name) => /tk-\w+\./.test(name))
