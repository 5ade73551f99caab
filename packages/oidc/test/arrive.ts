import type { OidcOptions, SignInOptions } from '../src/index.ts'
import { openBrowser, type TestTab } from './open-browser.ts'
import { app } from './open-provider.ts'
import { openQuirkServer, type Quirks, type QuirkServer } from './quirk-server.ts'

/** Begins a sign-in at a provider with these quirks. Returns the tab with its callback. */
export async function arrive(
  quirks: Quirks,
  request: SignInOptions = {},
  options: Partial<OidcOptions> = {},
): Promise<TestTab & { server: QuirkServer }> {
  const server = await openQuirkServer()
  server.quirks = quirks
  const browser = openBrowser(server.issuer, options)
  const before = browser.tab(`${app}orders`)
  await before.provider.signInWithRedirect(request)
  return Object.assign(browser.tab(server.visit(before.left[0]!)), { server })
}
