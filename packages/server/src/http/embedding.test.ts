import { serve } from '@hono/node-server'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createApp as expressApp } from '../../examples/express.ts'
import { createApp as honoApp } from '../../examples/hono.ts'
import { createApiKey, deriveKeys, openStore, readMasterKey, type SessionServerOptions } from '../index.ts'
import { demo, origin } from '../../test/server.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'

const hosts: Record<string, (options: SessionServerOptions, port: number) => Server> = {
  Hono: (options, port) => serve({ fetch: honoApp(options).fetch, port, hostname: '127.0.0.1' }) as Server,
  Express: (options, port) => expressApp(options).listen(port, '127.0.0.1'),
}

describe.each(Object.entries(hosts))('the session server mounted in %s under /auth', (_name, start) => {
  it('signs in, refreshes and signs out over HTTP, next to the host’s own routes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-embedded-'))
    const store = await openStore(folder)
    await store.apps.add('demo', demo, 'system', Date.now())
    const { secret } = await createApiKey(store, 'demo', 'tests', 'system', Date.now())
    const port = await freePort()
    const baseUrl = `http://127.0.0.1:${port}/auth`
    const http = start({ store, keys: deriveKeys(readMasterKey(folder)), baseUrl }, port)
    await once(http, 'listening')
    try {
      const ask = (method: string, path: string, body?: object, headers = {}) =>
        fetch(`${baseUrl}/v1/apps/demo${path}`, {
          method,
          headers,
          ...(body && { body: JSON.stringify(body) }),
        })
      const json = async <T>(response: Promise<Response>): Promise<T> => (await response).json() as Promise<T>
      const key = { authorization: `Bearer ${secret}` }

      expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('our own page')
      const { issuer } = await json<{ issuer: string }>(ask('GET', '/.well-known/openid-configuration'))
      expect(issuer).toBe(`${baseUrl}/v1/apps/demo`)

      const { user } = await json<{ user: { id: string } }>(ask('POST', '/users', { identifier: 'ada' }, key))
      const opened = await json<{ auth_result: { refresh_token: string } }>(
        ask('POST', `/users/${user.id}/sessions`, undefined, key),
      )
      const refreshed = await ask(
        'POST',
        '/tokens',
        { refresh_token: opened.auth_result.refresh_token },
        { origin },
      )
      expect(refreshed.status).toBe(201)
      expect(refreshed.headers.get('access-control-allow-origin')).toBe(origin)
      const { sessions } = await json<{ sessions: [{ ip: string }] }>(
        ask('GET', `/users/${user.id}/sessions`, undefined, key),
      )
      expect(sessions[0].ip).toBe('127.0.0.1')

      const { auth_result } = (await refreshed.json()) as { auth_result: { refresh_token: string } }
      const large = await ask('POST', '/tokens', { refresh_token: 'x'.repeat(100_000) })
      expect([large.status, await large.json()]).toMatchObject([413, { code: 'payload_too_large' }])
      expect((await ask('DELETE', '/tokens', { refresh_token: auth_result.refresh_token })).status).toBe(200)
      expect((await ask('POST', '/tokens', { refresh_token: auth_result.refresh_token })).status).toBe(401)
    } finally {
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
      await store.close()
      rmSync(folder, { recursive: true })
    }
  })
})
