import { createBrowser, type Browser } from '../../../../../packages/ssr/test/browser.ts'
import { readPage } from '../page.ts'
import type { Subject } from './subject.ts'

/** A person with a browser, who opens pages through the front. */
export interface Person {
  readonly userId: string
  readonly browser: Browser
  /** Sends 20 requests in parallel, as a page with prefetches does. Resolves when all answers have arrived. */
  wave(): Promise<void>
  /** Opens a page at an address, and reads its state. */
  status(url: string): Promise<string>
}

/** What all people saw. */
export interface Seen {
  /** Pages that say `signed-out`. */
  lost: number
  /** Pages that name who is signed in, but have no token. */
  expired: number
  served: number
  /** Answers that name another person. */
  foreign: number
  /** Answers and log lines that hold a refresh token, or a secret of the app's server. */
  secrets: number
}

/** What a browser sends with the requests of a script of the app. */
export const fromScript = (origin: string) => ({
  origin,
  'sec-fetch-site': 'same-origin',
  'tokenkeep-session': 'cookie',
})

export async function signIn(
  subject: Subject,
  front: string,
  opened: { readonly user_id: string },
  seen: Seen,
  everyone: readonly Person[],
  isSecret: (text: string) => boolean,
): Promise<Person> {
  const browser = createBrowser()
  const userId = opened.user_id
  const post = (body: string): RequestInit => ({ method: 'POST', headers: fromScript(front), body })

  /** Sends a request with the cookies of now. The browser takes the answer's cookies when it arrives. */
  async function send(path: string, init: RequestInit = {}): Promise<Response & { content: string }> {
    const headers = { cookie: browser.header(), ...(init.headers as Record<string, string>) }
    const response = await fetch(front + path, { ...init, headers, redirect: 'manual' })
    browser.receive(response)
    const content = await response.text()
    const all = content + response.headers.getSetCookie().join()
    if (isSecret(all)) seen.secrets++
    if (everyone.some((other) => other.userId !== userId && all.includes(other.userId))) seen.foreign++
    return Object.assign(response, { content })
  }

  async function openPage(): Promise<void> {
    const response = await send('/page')
    if (response.status !== 200) return
    const { status, userId: shown, tokens } = readPage(response.content)
    if (status === 'signed-out') seen.lost++
    else if (tokens.some((token) => token.startsWith('error'))) seen.expired++
    else seen.served++
    if (shown && shown !== userId) seen.foreign++
  }

  const person: Person = {
    userId,
    browser,
    async wave() {
      await Promise.all([
        ...Array.from({ length: 6 }, openPage),
        ...Array.from({ length: 6 }, (_, at) =>
          subject.prefetch ? send(`/page?_rsc=${at}`, { headers: subject.prefetch }) : send('/page'),
        ),
        ...Array.from({ length: 2 }, () => send('/component')),
        ...Array.from({ length: 2 }, () => send('/orders')),
        send('/action', post('quantity=2')),
        send('/auth/state', post('{}')),
        send(subject.publicPath),
        // Somebody without a session fills the cache.
        fetch(front + subject.publicPath),
      ])
    },
    async status(url) {
      const response = await fetch(`${url}/page`, { headers: { cookie: browser.header() } })
      browser.receive(response)
      return readPage(await response.text()).status
    },
  }
  const response = await send('/sign-in', post(JSON.stringify(opened)))
  if (response.status !== 200) throw new Error(`The sign-in got the status ${response.status}.`)
  return person
}
