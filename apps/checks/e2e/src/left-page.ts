import { expect } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { bundle } from './bundle.ts'
import { Browser, type Tab } from './cdp.ts'

// Pages that are left in the turn in which they sign out. The transport cannot revoke, so only this device can end the
// session.

const script = `
  import { createTokenManager, functionTransport, isSettled } from '@tokenkeep/core'
  const issued = { authToken: 'newer', expiresIn: 3600, refreshToken: 'r2' }
  const transport = functionTransport({ key: 'left', refresh: async () => issued })
  const auth = createTokenManager({ transport })
  const now = () => isSettled(auth.get()) ? auth.get().status : 'unread'
  Object.assign(globalThis, { auth, now, shown: [now()] })
  auth.subscribe(() => shown.push(now()))
  document.querySelector('a').onclick = () => void auth.signOut()
  if (location.pathname === '/sign-out') {
    auth.signOut()
    location.replace('/out')
  }
`

const signIn = `(async () => auth.signIn({ authToken: 'first', expiresIn: 3600, refreshToken: 'r1' }))().then(() => true, () => false)`

/** Serves the page at every path. */
async function serve(): Promise<{ url: string; close: () => void }> {
  const code = await bundle(script)
  const server = createServer(({ url }, response) => {
    response.setHeader('content-type', url === '/tab.js' ? 'text/javascript' : 'text/html')
    response.end(
      url === '/tab.js'
        ? code
        : '<a href="/linked">Sign out</a><script type="module" src="/tab.js"></script>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://localhost:${port}/`, close: () => server.close() }
}

/** What a page does in the turn in which it signs out. */
export const ways = {
  'is reloaded': 'auth.signOut(); location.reload()',
  'goes to another address': "auth.signOut(); location.href = '/next'",
  'is left by a link that signs out': "document.querySelector('a').click()",
  'is closed': 'auth.signOut(); close()',
  'goes to a page that signs out before it has read the storage': "location.href = '/sign-out'",
} as const

/** Waits until a page that was loaded after `stale` was set has read its storage. Returns the states that it has shown. */
async function shownBy(tab: Tab): Promise<readonly string[]> {
  const read = "globalThis.stale || !globalThis.now || now() === 'unread' ? '' : shown.join()"
  let shown = ''
  await expect
    .poll(async () => (shown = await tab.evaluate<string>(read).catch(() => '')), { intervals: [20] })
    .not.toBe('')
  return shown.split(',')
}

/** Opens a page and signs in. What counts is the sign-out that follows, not the first try of the sign-in. */
async function openSignedIn(browser: Browser, url: string): Promise<Tab> {
  const page = await browser.open(url)
  await shownBy(page)
  await expect.poll(() => page.evaluate<boolean>(signIn), { intervals: [20] }).toBe(true)
  return page
}

/**
 * Signs in and leaves the page while it signs out, `rounds` times. Returns how often a page showed the session afterwards.
 * `company`: another tab is open meanwhile, and is reloaded afterwards. Otherwise, a new tab is opened.
 */
export async function lostSignOuts(
  way: string,
  { rounds, company }: { rounds: number; company: boolean },
): Promise<number> {
  const { url, close } = await serve()
  const profile = await mkdtemp(join(tmpdir(), 'tokenkeep-profile-'))
  const browser = await Browser.start(profile)
  let lost = 0
  let other = company ? await browser.open(url) : undefined
  for (let round = 0; round < rounds; round++) {
    const page = await openSignedIn(browser, url)
    if (other)
      await expect.poll(() => other!.evaluate('globalThis.now?.()'), { intervals: [20] }).toBe('valid')
    await page.evaluate(`globalThis.stale = true; ${way}`).catch(() => 'The page is gone.')
    if (way !== ways['is closed']) await shownBy(page)
    await page.close()
    if (other) await other.evaluate('globalThis.stale = true; location.reload()').catch(() => {})
    else other = await browser.open(url)
    if ((await shownBy(other)).includes('valid')) {
      lost += 1
      await other.evaluate('auth.signOut()')
    }
    if (company) continue
    await other.close()
    other = undefined
  }
  await browser.kill()
  close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  return lost
}

/**
 * Signs out and kills the browser, `rounds` times: once the sign-out has resolved, or after `delay()` milliseconds. Returns
 * how often two tabs of the next browser both showed the session, both showed a sign-out, or did neither.
 */
export async function killedSignOuts({ rounds, delay }: { rounds: number; delay?: () => number }) {
  const { url, close } = await serve()
  const profile = await mkdtemp(join(tmpdir(), 'tokenkeep-profile-'))
  let browser = await Browser.start(profile)
  const outcomes = { in: 0, out: 0, between: 0 }
  for (let round = 0; round < rounds; round++) {
    const page = await openSignedIn(browser, url)
    const signedOut = page.evaluate('auth.signOut()').catch(() => 'The browser is gone.')
    await (delay ? setTimeout(delay()) : signedOut)
    await browser.kill()
    browser = await Browser.start(profile)
    const tabs = [await browser.open(url), await browser.open(url)]
    const shown = (await Promise.all(tabs.map(shownBy))).flat().filter((state) => state !== 'unread')
    if (shown.every((state) => state === 'signed-out')) outcomes.out += 1
    else if (shown.every((state) => state === 'valid')) outcomes.in += 1
    else outcomes.between += 1
    await Promise.all(tabs.map((tab) => tab.close()))
  }
  await browser.kill()
  close()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  return outcomes
}
