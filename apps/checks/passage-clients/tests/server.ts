import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { AuthResult } from '@tokenkeep/protocol'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
  readMasterKey,
} from '@tokenkeep/server'
import { createAuthenticator } from '../../../../packages/server/test/authenticator.ts'

const url = process.env['PASSAGE_SERVER']!
export const appId = 'shop'
export const origin = 'https://shop.example'

export interface PassageServer {
  /** An API key of the app. */
  readonly apiKey: string
  manage(method: string, path: string, body?: object): Promise<Response>
  /** Signs a new user up with a passkey, as a browser does. */
  signUp(identifier: string): Promise<AuthResult>
  /** Moves the server's clock. */
  wait(seconds: number): void
  stop(): Promise<void>
}

/** Starts the real session server with an app that is set as Passage's clients need it: RS256 and public sign-up. */
export async function startPassageServer(): Promise<PassageServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-'))
  const store = await openStore(folder)
  const profile = appProfile({
    name: 'Shop',
    auth_origin: origin,
    redirect_url: `${origin}/home`,
    alg: 'RS256',
    public_signup: true,
    refresh_enabled: true,
    user_metadata_schema: [{ field_name: 'newsletter', friendly_name: 'Newsletter', type: 'boolean' }],
  })
  await store.apps.add(appId, profile, 'system', Date.now())
  const { secret: apiKey } = await createApiKey(store, appId, 'tests', 'system', Date.now())
  let skew = 0
  const keys = deriveKeys(readMasterKey(folder))
  const server = createSessionServer({ store, keys, baseUrl: url, now: () => Date.now() + skew })
  const http = await new Promise<Server>((resolve) => {
    const { hostname, port } = new URL(url)
    const started = serve({ fetch: (request) => server.fetch(request), hostname, port: Number(port) }, () =>
      resolve(started),
    ) as Server
  })
  const ask = async (method: string, path: string, body?: object, headers: object = {}) =>
    fetch(`${url}/v1/apps/${appId}${path}`, {
      method,
      headers: { ...headers },
      ...(body && { body: JSON.stringify(body) }),
    })
  return {
    apiKey,
    manage: (method, path, body) => ask(method, path, body, { authorization: `Bearer ${apiKey}` }),
    async signUp(identifier) {
      const { register } = createAuthenticator(origin)
      const started = await ask('POST', '/register/webauthn/start', { identifier })
      const { handshake } = (await started.json()) as {
        handshake: { id: string; challenge: { publicKey: { challenge: string } } }
      }
      const handshake_response = register(handshake.challenge.publicKey)
      const finish = { handshake_id: handshake.id, handshake_response }
      const finished = await ask('POST', '/register/webauthn/finish', finish)
      return ((await finished.json()) as { auth_result: AuthResult }).auth_result
    },
    wait: (seconds) => void (skew += seconds * 1000),
    async stop() {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await server.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
