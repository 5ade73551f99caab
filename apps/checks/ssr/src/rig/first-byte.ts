import { setTimeout as sleep } from 'node:timers/promises'
import { createBrowser } from '../../../../../packages/ssr/test/browser.ts'
import { openSession, TOKEN_LIFETIME, type SessionServer } from '../../../e2e/src/session-server.ts'
import { fromScript } from './person.ts'

/** How long a page takes to its first byte. Milliseconds, the medians over as many people. */
export interface FirstByte {
  readonly fresh: number
  /** The auth token has expired, so the page waits for a refresh. */
  readonly expired: number
}

const PEOPLE = 20
/** Pages that are opened before, so that the process is warm. */
const WARM_UP = 10

/** Opens the page of an instance, one person after the other, before and after their tokens expire. Nothing else runs. */
export async function measureFirstByte(url: string, server: SessionServer): Promise<FirstByte> {
  const browsers = Array.from({ length: PEOPLE }, () => createBrowser())
  for (const browser of browsers) {
    const body = JSON.stringify(await openSession(server))
    browser.receive(await fetch(`${url}/sign-in`, { method: 'POST', headers: fromScript(url), body }))
  }
  const waitOf = async (browser = createBrowser()): Promise<number> => {
    const began = performance.now()
    const response = await fetch(`${url}/page`, { headers: { cookie: browser.header() } })
    const wait = performance.now() - began
    browser.receive(response)
    await response.text()
    return wait
  }
  const median = async (): Promise<number> => {
    const waits: number[] = []
    for (const browser of browsers) waits.push(await waitOf(browser))
    return waits.toSorted((a, b) => a - b)[PEOPLE / 2]!
  }
  for (let page = 0; page < WARM_UP; page++) await waitOf()
  const fresh = await median()
  await sleep(TOKEN_LIFETIME * 1000)
  return { fresh, expired: await median() }
}
