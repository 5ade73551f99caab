import { expect, test } from '@playwright/test'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { end, ready, root, startNode } from '../src/child.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { SessionServer } from '../src/session-server.ts'

// Builds and serves the recipes for frameworks that render on a server, and opens them in Chromium.

const frameworks = {
  next: {
    build: ['node_modules/next/dist/bin/next', 'build'],
    serve: (port: number) => ['node_modules/next/dist/bin/next', 'start', '-p', `${port}`],
    variable: { url: 'NEXT_PUBLIC_TOKENKEEP_URL', apiKey: 'TOKENKEEP_API_KEY', user: 'TOKENKEEP_USER_ID' },
  },
  nuxt: {
    build: ['node_modules/nuxt/bin/nuxt.mjs', 'build'],
    serve: () => ['.output/server/index.mjs'],
    variable: {
      url: 'NUXT_PUBLIC_TOKENKEEP_URL',
      apiKey: 'NUXT_TOKENKEEP_API_KEY',
      user: 'NUXT_TOKENKEEP_USER_ID',
    },
  },
}

for (const [name, { build, serve, variable }] of Object.entries(frameworks)) {
  test(
    `${name}: the server's HTML equals the browser's first render, and contains no token`,
    { tag: '@full' },
    async ({ page }) => {
      const [port, serverPort] = [await freePort(), await freePort()]
      const url = `http://localhost:${port}`
      const server = await SessionServer.create(serverPort, url)
      await server.start()
      const apiKey = await server.createApiKey()
      const created = await fetch(`${server.url}/v1/apps/${SessionServer.appId}/users`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}` },
        body: JSON.stringify({ identifier: 'ada@example.com' }),
      })
      const { user } = (await created.json()) as { user: { id: string } }

      const cwd = join(root, 'apps', 'samples', name)
      const env = {
        [variable.url]: server.url,
        [variable.apiKey]: apiKey,
        [variable.user]: user.id,
        TOKENKEEP_URL: server.url,
        PORT: `${port}`,
        NODE_ENV: 'production',
        NEXT_TELEMETRY_DISABLED: '1',
        NUXT_TELEMETRY_DISABLED: '1',
      }
      await promisify(execFile)(process.execPath, build, { cwd, env: { ...process.env, ...env } })
      const app = startNode(serve(port), { cwd, env })
      try {
        await ready(app, url)
        const complaints: string[] = []
        page.on('console', (message) => {
          if (!['error', 'warning'].includes(message.type())) return
          if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text())
        })
        page.on('pageerror', (error) => complaints.push(error.message))
        const state = page.getByTestId('state')

        await page.goto(url)
        await expect(state).toHaveText('signed-out')
        await page.getByRole('button', { name: 'Sign in' }).click()
        await expect(state).toHaveText('valid')

        // Now the storage has a session. The server still renders the first state, and hydration reports no mismatch.
        const answer = await page.reload()
        const html = await answer!.text()
        expect(html).toContain('data-testid="state">refreshing<')
        expect(html).not.toMatch(/eyJ|rt1\./)
        await expect(state).toHaveText('valid')
        expect(complaints).toEqual([])

        await page.getByRole('button', { name: 'Sign out' }).click()
        await expect(state).toHaveText('signed-out')
      } finally {
        await end(app, 'SIGKILL')
        await server.dispose()
      }
    },
  )
}
