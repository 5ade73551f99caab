import { afterEach, beforeEach, expect, it } from 'vitest'
import { places, type Place } from '../../test/stores.ts'
import { startServer, type TestServer } from '../../test/server.ts'
import { createTcpProxy, type TcpProxy } from '../../test/tcp-proxy.ts'
import { openStore } from './store.ts'

let place: Place
let proxy: TcpProxy
let url: string

beforeEach(async () => {
  place = await places.find(({ name }) => name === 'PostgreSQL')!.make()
  const { pathname, searchParams } = new URL(place.url)
  proxy = await createTcpProxy(`${searchParams.get('host')}/.s.PGSQL.5432`)
  url = `postgres://postgres@127.0.0.1:${proxy.port}${pathname}`
})
afterEach(async () => {
  await proxy.close()
  place.remove()
})

const untilReady = async (server: TestServer): Promise<void> => {
  while ((await server.ask('GET', '//readyz')).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

it('answers every request and refreshes again after the open connections fell silent (case F2)', async () => {
  const server = await startServer({}, {}, url)
  try {
    const { result, userId } = await server.signIn()
    // Several open connections in each pool.
    await Promise.all(Array.from({ length: 6 }, () => server.manage('GET', '/users')))
    let token = result.refresh_token!
    const refresh = async (): Promise<number> => {
      const response = await server.refresh(token)
      const body = (await response.json()) as { auth_result?: { refresh_token: string } }
      token = body.auth_result?.refresh_token ?? token
      return response.status
    }
    expect(await refresh()).toBe(201)
    proxy.swallowOpenConnections()

    // Readiness takes the path of a refresh, so it fails while refreshes do.
    expect((await server.ask('GET', '//readyz')).status).toBe(503)
    const answers = [
      refresh(),
      ...Array.from({ length: 8 }, async () => (await server.manage('GET', `/users/${userId}`)).status),
    ]
    for (const status of await Promise.all(answers)) expect([200, 201, 503]).toContain(status)
    await untilReady(server)
    expect(await refresh()).toBe(201)
  } finally {
    await server.stop()
  }
})

it('closes while its connections are silent (case F2)', async () => {
  const store = await openStore(url)
  await Promise.all([store.probe(Date.now()), store.apps.list(), store.apps.list()])
  proxy.swallowOpenConnections()
  await store.close()
})
