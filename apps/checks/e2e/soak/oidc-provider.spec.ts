import { expect, test } from '@playwright/test'
import { createServer } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Provider } from 'oidc-provider'
import { Browser, type Tab } from '../src/cdp.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { FlakyOrigin } from '../src/flaky-origin.ts'

/** Seconds. */
const lifetime = 5
const expiries = 20

test('oidc-provider with single-use tokens and no grace: eight tabs stay signed in for twenty expiries', async () => {
  const upstream = await freePort()
  const provider = new Provider(`http://localhost:${upstream}`, {
    clients: [
      {
        client_id: 'page',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: ['http://localhost/'],
      },
    ],
    rotateRefreshToken: true,
    clientBasedCORS: () => true,
    ttl: { AccessToken: lifetime, RefreshToken: 3600, Grant: 3600, IdToken: 3600 },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  })
  let granted = 0
  const errors: string[] = []
  provider.on('grant.success', () => (granted += 1))
  provider.on('grant.error', (_, error) => errors.push(error.message))
  const server = createServer(provider.callback())
  await new Promise<void>((resolve) => server.listen(upstream, 'localhost', resolve))

  // This test is not about the sign-in, so the provider's own models create the session.
  const client = (await provider.Client.find('page'))!
  const scope = 'openid offline_access'
  const grant = new provider.Grant({ accountId: 'ada', clientId: 'page' })
  grant.addOIDCScope(scope)
  const refreshToken = new provider.RefreshToken({
    accountId: 'ada',
    client,
    grantId: await grant.save(),
    scope,
    gty: 'authorization_code',
    expiresWithSession: false,
  } as ConstructorParameters<typeof provider.RefreshToken>[0])
  const signedIn = { access_token: 'first', expires_in: lifetime, refresh_token: await refreshToken.save() }

  const origin = await FlakyOrigin.start(
    await freePort(),
    () => `http://localhost:${upstream}`,
    "oauth({ tokenEndpoint: location.origin + '/token', revocationEndpoint: location.origin + '/token/revocation', clientId: 'page' })",
  )
  const profile = await mkdtemp(join(tmpdir(), 'tokenkeep-profile-'))
  const browser = await Browser.start(profile)
  try {
    const tabs: Tab[] = []
    while (tabs.length < 8) tabs.push(await browser.open(origin.url))
    const all = (expression: string) => Promise.all(tabs.map((tab) => tab.evaluate<string>(expression)))
    const statuses = () => all('globalThis.auth?.get().status')
    await expect.poll(statuses).toEqual(tabs.map(() => 'signed-out'))
    await tabs[0]!.evaluate(`auth.signIn(${JSON.stringify(signedIn)})`)
    await expect.poll(statuses).not.toContain('signed-out')
    await tabs[0]!.evaluate('diary.states.length = 0')
    const since = Date.now()
    await expect
      .poll(() => (expect(errors).toEqual([]), granted), { timeout: 240_000 })
      .toBeGreaterThanOrEqual(expiries)
    const seconds = (Date.now() - since) / 1000
    console.log(
      `${granted} refreshes in ${seconds.toFixed(0)} s by ${tabs.length} tabs, ${errors.length} errors`,
    )
    expect(errors).toEqual([])
    expect(granted).toBeLessThanOrEqual(Math.ceil(seconds / (lifetime * 0.9)) + 1)
    expect(await statuses()).not.toContain('signed-out')

    await tabs[0]!.evaluate('auth.signOut()')
    await expect.poll(statuses).toEqual(tabs.map(() => 'signed-out'))
  } finally {
    await browser.kill()
    origin.close()
    server.close()
    server.closeAllConnections()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})
