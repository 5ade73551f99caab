import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { test as base, type Page } from '@playwright/test'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { servePassageClients } from './passage-clients-page.ts'
import { SessionServer } from './session-server.ts'
import { addAuthenticator } from './virtual-authenticator.ts'

export interface PassageFixtures {
  /** The scripts of the app's pages by their paths. A test file sets them. */
  readonly scripts: Readonly<Record<string, string>>
  readonly url: string
  readonly server: SessionServer
  /** A page with an authenticator. Nothing outside of this machine is loaded: the element's texts are their names. */
  readonly app: Page
  /** Gives the page another authenticator, as if the person went to another device. */
  readonly otherDevice: () => Promise<void>
}

/** Tests on an app with Passage's clients. Its session server is set as they need it: RS256 and public sign-up. */
export const passageTest = base.extend<PassageFixtures>({
  scripts: [{}, { option: true }],
  // oxlint-disable-next-line no-empty-pattern -- Playwright reads what a fixture needs from this pattern.
  url: async ({}, use) => use(`http://localhost:${await freePort()}`),
  server: async ({ url, scripts }, use) => {
    const server = await SessionServer.create(await freePort(), url, 'Shop', 60, {
      alg: 'RS256',
      redirect_url: `${url}/home`,
      user_metadata_schema: [{ field_name: 'town', friendly_name: 'Town', type: 'string' }],
    })
    await server.start()
    const pages = await servePassageClients(Number(new URL(url).port), server.url, scripts)
    await use(server)
    pages.close()
    await server.dispose()
  },
  app: async ({ page, server }, use) => {
    await page.route(
      ({ hostname }) => hostname !== 'localhost',
      async (route) => {
        const url = route.request().url()
        const body = url.endsWith('/utils.js') ? await phoneNumbers(url) : '{}'
        const headers = { 'access-control-allow-origin': '*' }
        await route.fulfill({ contentType: contentTypeOf(url), headers, body })
      },
    )
    await use(page)
    await server.stop()
  },
  otherDevice: [
    async ({ page }, use) => {
      let remove = await addAuthenticator(page)
      await use(async () => {
        await remove()
        remove = await addAuthenticator(page)
      })
    },
    { auto: true },
  ],
})

/** The script with which the elements check phone numbers: that of their own dependency, because nothing is downloaded. */
const phoneNumbers = (url: string): Promise<string> => {
  const version = url.includes('intl-tel-input@24') ? '1.23.1' : '1.5.1'
  const clients = createRequire(new URL('../../passage-clients/package.json', import.meta.url))
  const element = createRequire(clients.resolve(`passage-elements-${version}/passage-user`))
  return readFile(element.resolve('intl-tel-input/build/js/utils.js'), 'utf8')
}

const contentTypeOf = (url: string): string =>
  url.endsWith('.js') ? 'text/javascript' : url.includes('css') ? 'text/css' : 'application/json'

/** Reads the claims of the auth token that Passage's client keeps. */
export const storedTokens = (page: Page) =>
  page.evaluate(() => ({
    auth: localStorage.getItem('psg_auth_token'),
    refresh: localStorage.getItem('psg_refresh_token'),
    cookie: /psg_auth_token=([^;]*)/.exec(document.cookie)?.[1],
  }))
