import type { Page } from '@playwright/test'
import { createServer, type RequestListener, type Server } from 'node:http'
import { Provider } from 'oidc-provider'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { bundleFiles } from './bundle.ts'

// An app without a framework, and a real provider of another origin with its own pages.

const script = (issuer: string): string => `
  import { createTokenManager, settled } from '@tokenkeep/core'
  import { oidc } from '@tokenkeep/oidc'
  const provider = oidc({ issuer: '${issuer}', clientId: 'page', params: { prompt: 'consent' } })
  const auth = createTokenManager({ transport: provider.transport })
  const callback = location.href
  document.querySelector('button').onclick = () => {
    globalThis.ending = provider.signInWithPopup(auth).catch(({ code }) => code)
  }
  const backs = await Promise.all([provider.completeSignIn(auth), provider.completeSignIn(auth)])
  await settled(auth)
  Object.assign(globalThis, { auth, provider, backs, callback })
`

const html = `<!doctype html><title>app</title><script type="module" src="/app.js"></script>
  <input aria-label="draft"><button>Sign in</button>`

const listen = (listener: RequestListener, port: number): Promise<Server> =>
  new Promise((resolve) => {
    const server: Server = createServer(listener).listen(port, 'localhost', () => resolve(server))
  })

interface Auth {
  get(): { status: string }
}

/** The state of the page's manager. */
export const status = (page: Page) =>
  page.evaluate(() => (globalThis as never as { auth?: Auth }).auth?.get().status)

export interface OidcPage extends AsyncDisposable {
  /** The origin of the app. */
  readonly app: string
  /** How many requests for tokens the provider granted. */
  readonly grants: () => number
  /** What the provider refused. */
  readonly errors: readonly string[]
}

/** `headers`: of each answer of the provider. */
export async function openOidcPage(headers: Readonly<Record<string, string>> = {}): Promise<OidcPage> {
  const [app, issuer] = [`http://localhost:${await freePort()}`, `http://localhost:${await freePort()}`]
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'page',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${app}/callback`],
        post_logout_redirect_uris: [`${app}/`],
      },
    ],
    features: { revocation: { enabled: true } },
    rotateRefreshToken: true,
    clientBasedCORS: (_, origin) => origin === app,
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  })
  let grants = 0
  const errors: string[] = []
  provider.on('grant.success', () => (grants += 1))
  provider.on('grant.error', (_, error) => errors.push(error.message))
  const files = await bundleFiles(script(issuer))
  const answer = provider.callback()
  const servers = [
    await listen(
      (request, response) => {
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        void answer(request, response)
      },
      Number(new URL(issuer).port),
    ),
    await listen(
      ({ url }, response) => {
        const code = files.get(url!)
        response.setHeader('content-type', code ? 'text/javascript' : 'text/html').end(code ?? html)
      },
      Number(new URL(app).port),
    ),
  ]
  return {
    app,
    grants: () => grants,
    errors,
    async [Symbol.asyncDispose]() {
      for (const server of servers) {
        server.close()
        server.closeAllConnections()
      }
    },
  }
}
