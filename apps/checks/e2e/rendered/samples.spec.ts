import { expect, test, type Page } from '@playwright/test'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  buildArguments,
  duringBuild,
  environmentOf,
  renderedSamples,
} from '../../../../scripts/demo/rendered-samples.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { accessibility } from '../src/accessibility.ts'
import { end, ready, root, startNode } from '../src/child.ts'
import { SessionServer } from '../src/session-server.ts'

// `pnpm e2e --project rendered`: builds and serves the samples that a server renders, and opens them in Chromium.

const turbo = join(root, 'node_modules', 'turbo', 'bin', 'turbo')
const name = 'ada@example.com'

/** Collects what a page writes to the console as an error or a warning, such as a hydration mismatch. */
const collectComplaints = (page: Page, complaints: string[]): void => {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}

for (const sample of renderedSamples) {
  test(
    `R41, ${sample.name}: the server renders who is signed in, also after the token has expired`,
    { tag: '@full' },
    async ({ page, context }) => {
      const [port, serverPort] = [await freePort(), await freePort()]
      const url = `http://localhost:${port}`
      const server = await SessionServer.create(serverPort, url)
      await server.start()
      await promisify(execFile)(process.execPath, [turbo, ...buildArguments(sample)], {
        cwd: root,
        env: { ...process.env, ...duringBuild },
      })
      const app = startNode(sample.serve, {
        cwd: join(root, sample.folder),
        env: environmentOf({
          url,
          port,
          server: server.url,
          apiKey: await server.createApiKey(),
          clientSecret: await server.createClientSecret(),
          sessionKey: randomBytes(32).toString('base64'),
        }),
      })
      try {
        await ready(app, url)
        const complaints: string[] = []
        collectComplaints(page, complaints)
        const state = page.getByTestId('state')
        const count = async (id: string): Promise<number> => Number(await page.getByTestId(id).textContent())
        /** What the server sends to this browser, before any script runs. */
        const rendered = async (): Promise<string> => {
          const response = await context.request.get(url)
          expect(response.headers()['cache-control']).toContain('private')
          return response.text()
        }

        // Colours that fade have no contrast to check.
        await page.emulateMedia({ reducedMotion: 'reduce' })
        await page.goto(url)
        expect(await rendered()).toMatch(/data-testid="state"[^>]*>signed-out</)
        await expect(state).toHaveText('signed-out')
        await page.getByTestId('identifier').fill(name)
        await page.getByTestId('sign-in').click()
        await expect(state).toHaveText('valid')
        await expect(page.getByTestId('rendered-name')).toHaveText(name)
        await expect(page.getByTestId('rendered-answer')).toHaveText('200')
        await expect.poll(() => count('api-ok')).toBeGreaterThan(0)
        expect((await accessibility(page).analyze()).violations).toEqual([])
        // The tab refreshes the token for its calls.
        await expect.poll(() => count('refreshes')).toBeGreaterThan(0)
        expect(await count('api-failed')).toBe(0)

        // After this tab has left, nothing refreshes the token until the server renders a page.
        await page.goto('about:blank')
        const before = server.refreshes().length
        let html = ''
        await expect
          .poll(async () => {
            html = await rendered()
            return server.refreshes().length
          })
          .toBeGreaterThan(before)
        expect(html).toMatch(/data-testid="state"[^>]*>valid</)
        expect(html).toMatch(new RegExp(`data-testid="rendered-name"[^>]*>${name}<`))
        expect(html).not.toContain('rt1.')

        await page.goto(url)
        await expect(state).toHaveText('valid')
        const second = await context.newPage()
        collectComplaints(second, complaints)
        await second.goto(url)
        await expect(second.getByTestId('state')).toHaveText('valid')
        let navigations = 0
        second.on('framenavigated', () => navigations++)
        await page.getByTestId('sign-out').click()
        for (const each of [page, second]) {
          await expect(each.getByTestId('state')).toHaveText('signed-out')
          await expect(each.getByText(name, { exact: true })).toHaveCount(0)
        }
        expect(navigations).toBe(0)
        html = await rendered()
        expect(html).toMatch(/data-testid="state"[^>]*>signed-out</)
        expect(html).not.toContain(`>${name}<`)
        expect(server.refreshes().map(({ outcome }) => outcome)).not.toContain('reused')
        expect(complaints).toEqual([])
      } finally {
        await end(app, 'SIGKILL')
        await server.dispose()
      }
    },
  )
}
