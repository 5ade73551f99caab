import { expect, it } from 'vitest'
import { createBrowser } from '../../../../../packages/ssr/test/browser.ts'
import type { MakeApp } from '../../../../../packages/ssr/test/plain-app.ts'
import { LIFETIME } from '../../../../../packages/ssr/test/session-server.ts'
import { createWorld } from '../../../../../packages/ssr/test/world.ts'

/** The pages of each app that are rendered for everybody, and what they show. */
const shown: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // `auth()` throws in a static page.
  next: { '/static': 'TypeError', '/cached': 'The same for everyone' },
  'next-cached': { '/static': 'The same for everyone', '/cached': 'The same for everyone' },
  // The first state. The browser asks for its own.
  nuxt: { '/static': 'refreshing', '/cached': 'refreshing', '/shared': 'TypeError' },
  angular: { '/static': 'refreshing', '/cached': 'refreshing' },
  'react-router': { '/static/': 'refreshing', '/cached': 'refreshing' },
  astro: { '/static': 'refreshing', '/cached': 'refreshing' },
  'tanstack-start': { '/static': 'refreshing', '/cached': 'refreshing' },
  sveltekit: { '/static': 'refreshing', '/cached': 'refreshing' },
}

/** Pages that are rendered once, by the build or by the first request. */
export function cachedPages(name: string, makeApp: MakeApp): void {
  it('R23, R24, J4: a static or cached page never shows a session, and is never kept with a cookie', async () => {
    const world = await createWorld(makeApp)
    try {
      const app = world.instance()
      const browser = await world.signIn(app)
      for (const [path, expected] of Object.entries(shown[name]!)) {
        world.pass(LIFETIME)
        // A signed-in user comes first, so the cache is filled by that request.
        for (const each of [browser, createBrowser(), browser]) {
          const response = await world.visit(app, each, path)
          const body = await response.text()
          expect([path, body.includes(expected)]).toEqual([path, true])
          expect(body).not.toContain(browser.userId)
          expect(body).not.toMatch(/eyJ|rt1\./)
          if (response.headers.getSetCookie().length > 0)
            expect(response.headers.get('cache-control')).toBe('private, no-store')
        }
      }
    } finally {
      await world.close()
    }
  })
}
