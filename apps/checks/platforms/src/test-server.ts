import { createBackend } from '@tokenkeep/backend'
import {
  appProfile,
  createApiKey,
  createSessionServer,
  deriveKeys,
  openStore,
  readMasterKey,
  toNodeHandler,
} from '@tokenkeep/server'
import type { AuthResult } from '@tokenkeep/protocol'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A real session server on SQLite that counts refreshes and revocations. */
export interface TestServer {
  readonly url: string
  readonly refreshes: number
  readonly revocations: number
  signIn(): Promise<AuthResult>
  close(): Promise<void>
}

export async function startServer(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-platforms-'))
  const store = await openStore(folder)
  const count: Record<string, number> = {}
  const listener = createServer((request, response) => {
    if (request.url === '/v1/apps/demo/tokens') count[request.method!] = (count[request.method!] ?? 0) + 1
    void handler(request, response)
  })
  await new Promise<void>((resolve) => listener.listen(0, 'localhost', resolve))
  const url = `http://localhost:${(listener.address() as AddressInfo).port}`
  const profile = appProfile({
    name: 'demo',
    auth_origin: url,
    redirect_url: url,
    refresh_enabled: true,
    // Seconds. The shortest that the server allows.
    session_timeout_length: 5,
    refresh_inactivity_lifetime: 3600,
  })
  await store.apps.add('demo', profile, 'system', Date.now())
  const { secret } = await createApiKey(store, 'demo', 'platforms', 'system', Date.now())
  const sessions = createSessionServer({ store, keys: deriveKeys(readMasterKey(folder)), baseUrl: url })
  const handler = toNodeHandler(sessions)

  const { users } = createBackend({ url, appId: 'demo', apiKey: secret })

  return {
    url,
    get refreshes() {
      return count['POST'] ?? 0
    },
    get revocations() {
      return count['DELETE'] ?? 0
    },
    async signIn() {
      const { id } = await users.create({ identifier: `${crypto.randomUUID()}@example.com` })
      return users.createSession(id)
    },
    async close() {
      listener.closeAllConnections()
      await new Promise((resolve) => listener.close(resolve))
      await sessions.close()
      await store.close()
      await rm(folder, { recursive: true })
    },
  }
}
