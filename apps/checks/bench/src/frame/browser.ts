import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import type { Endpoint } from '../endpoint/endpoint.ts'
import { authority } from '../peers/msal-browser.ts'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  // Otherwise Chromium tries again to load a page that did not load. That is not the client's work, and the result would depend on when the tab is closed.
  '--disable-auto-reload',
  '--disable-component-update',
  '--disable-sync',
]

export const launchOptions = { executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium', args }

export const startBrowser = (): Promise<Browser> => chromium.launch(launchOptions)

/** Creates a new profile. In it, the endpoint also responds to requests that must use https. */
export async function profile(browser: Browser, endpoint: Endpoint): Promise<BrowserContext> {
  const context = await browser.newContext()
  await routeAuthority(context, endpoint)
  return context
}

/** Lets the endpoint respond to requests that must use https. */
export async function routeAuthority(context: BrowserContext, endpoint: Endpoint): Promise<void> {
  await context.route(`${authority}/**`, async (route) => {
    if (endpoint.unreachable) return route.abort('internetdisconnected')
    const request = route.request()
    try {
      const url = request.url().replace(authority, endpoint.origin)
      const response = await fetch(url, { method: request.method(), body: request.postData() })
      const headers = {
        'content-type': response.headers.get('content-type')!,
        'access-control-allow-origin': '*',
      }
      await route.fulfill({ status: response.status, headers, body: await response.text() })
    } catch {
      await route.abort('connectionreset')
    }
  })
}

/** Opens a page that has loaded one of the endpoint's scripts. */
export async function run(context: BrowserContext, endpoint: Endpoint, script: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${endpoint.origin}/run/${script}`)
  return page
}
