import { expect, it, vi } from 'vitest'
import { openBrowser } from '../test/open-browser.ts'
import { openQuirkServer } from '../test/quirk-server.ts'

it('code that cannot be loaded is asked for again at the next click, and its popup closes (case O11)', async () => {
  const server = await openQuirkServer()
  const tab = openBrowser(server.issuer).tab()
  vi.doMock('./flow.ts', () => {
    throw new TypeError('Failed to fetch dynamically imported module')
  })
  const failure = { name: 'TokenError', code: 'unreachable', cause: expect.any(Error) }
  await expect(tab.provider.signInWithRedirect()).rejects.toMatchObject(failure)
  await expect(tab.provider.signInWithPopup(tab.auth)).rejects.toMatchObject(failure)
  expect(tab.popups[0]!.isClosed).toBe(true)
  // A sign-out needs none of it.
  await tab.provider.signOutWithRedirect(tab.auth)
  expect([tab.auth.get().status, tab.left]).toEqual(['signed-out', []])

  vi.doUnmock('./flow.ts')
  await tab.provider.signInWithRedirect()
  expect(tab.left).toHaveLength(1)
})
