import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { errors, Provider, type Configuration } from 'oidc-provider'
import { onTestFinished } from 'vitest'

export const app = 'https://shop.example/'
export const redirectUri = `${app}callback`

/** A real oidc-provider over HTTP, and a user who signs in at it. */
export interface TestProvider {
  readonly issuer: string
  /** Who signs in next. Undefined: the user refuses. */
  user: string | undefined
  /** How many requests each path got. */
  readonly requests: Map<string, number>
  /** Follows the provider's pages as a browser does, with one user's cookies. Resolves to the address in the app. */
  visit(url: string): Promise<string>
  readonly errors: string[]
}

export async function openProvider(configuration: Configuration = {}): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'shop',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [redirectUri],
        post_logout_redirect_uris: [app],
      },
    ],
    cookies: { keys: ['test'] },
    rotateRefreshToken: true,
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_, accountId) => ({
      accountId,
      claims: () => ({ sub: accountId, name: `${accountId} Ärzte` }),
    }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: 300,
      RefreshToken: 3600,
      Grant: 3600,
      IdToken: 3600,
      Session: 3600,
      Interaction: 600,
    },
    ...configuration,
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      ...configuration.features,
    },
  })
  const cookies = new Map<string, string>()
  const world: TestProvider = {
    issuer,
    user: 'ada',
    requests: new Map(),
    errors: [],
    async visit(start) {
      let url = start
      let init: RequestInit = {}
      while (!url.startsWith(app)) {
        const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
        // oxlint-disable-next-line no-await-in-loop -- Each page names the next.
        const response = await fetch(url, {
          ...init,
          redirect: 'manual',
          headers: { ...init.headers, cookie },
        })
        for (const line of response.headers.getSetCookie()) {
          const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
          cookies.set(name!, value!)
        }
        const location = response.headers.get('location')
        // oxlint-disable-next-line no-await-in-loop -- As above.
        const html = location ? '' : await response.text()
        const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(html) ?? []
        if (!location && !xsrf) throw new Error(`The provider shows a page: ${response.status} ${html}`)
        init = {}
        // The page that asks whether to sign out: the user agrees.
        if (xsrf)
          init = {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: `xsrf=${xsrf}&logout=yes`,
          }
        url = new URL(location ?? /action="([^"]+)"/.exec(html)![1]!, url).href
      }
      return url
    },
  }
  provider.on('grant.error', (_, error) => world.errors.push(error.message))

  const answerInteraction = async (
    ...[request, response]: Parameters<typeof provider.interactionDetails>
  ) => {
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response)
    const finish = (result: Parameters<typeof provider.interactionFinished>[2]) =>
      provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
    if (!world.user) return finish({ error: 'access_denied', error_description: 'the user refused' })
    if (prompt.name === 'login') return finish({ login: { accountId: world.user } })
    const grant =
      (grantId && (await provider.Grant.find(grantId))) ||
      new provider.Grant({ accountId: session!.accountId, clientId: params['client_id'] as string })
    grant.addOIDCScope(params['scope'] as string)
    for (const resource of [params['resource'] ?? []].flat() as string[])
      grant.addResourceScope(resource, 'api')
    return finish({ consent: { grantId: await grant.save() } })
  }
  const answer = provider.callback()
  server.on('request', (request, response) => {
    const { pathname } = new URL(request.url!, issuer)
    world.requests.set(pathname, (world.requests.get(pathname) ?? 0) + 1)
    if (!pathname.startsWith('/interaction/')) return void answer(request, response)
    answerInteraction(request, response).catch((error: unknown) => {
      world.errors.push(error instanceof errors.OIDCProviderError ? error.message : String(error))
      response.writeHead(500).end()
    })
  })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return world
}
