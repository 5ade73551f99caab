import { cpSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCluster, type Cluster } from '../test/cluster.ts'
import { ServerProcess } from '../test/server-process.ts'
import { places, type Place } from '../test/stores.ts'
import { Swarm } from '../test/swarm.ts'
import { app, resultOf } from '../test/world.ts'
import { createApiKey, openStore } from './index.ts'
import { freePort } from '../test/server.ts'

const kills = Number(process.env['SOAK_KILLS'] ?? 1)
const crashes = Number(process.env['SOAK_CRASHES'] ?? 1)
const rounds = Number(process.env['SOAK_ROUNDS'] ?? 5)
const clients = 16
const hour = 3_600_000

/** Prepares a store, and gives the key of its app. */
async function prepare(url: string): Promise<string> {
  const store = await openStore(url)
  await store.apps.add('demo', app, 'system', Date.now())
  const { secret } = await createApiKey(store, 'demo', 'tests', 'system', Date.now())
  await store.close()
  return secret
}

const randomMoment = (): Promise<void> => setTimeout(50 + Math.random() * 250)

describe.each(places)('on $name', ({ name, make }) => {
  let place: Place
  let key: string
  beforeAll(async () => {
    place = await make()
    key = await prepare(place.url)
  })
  afterAll(() => place.remove())

  it(
    `the server killed ${kills} times under load: no session lost, none wrongly ended, none alive that was signed out`,
    async () => {
      const server = new ServerProcess(place.url, await freePort())
      await server.start()
      const swarm = new Swarm({ urls: [server.url], key, clients })
      try {
        await swarm.open()
        swarm.start({ signOuts: 0.01 })
        for (let i = 0; i < kills; i++) {
          await randomMoment()
          await server.end('SIGKILL')
          await server.start()
        }
        await randomMoment()
        await swarm.stop()
        const { live, over } = await swarm.check()
        expect(swarm.faults).toEqual([])
        expect(live).toBeGreaterThan(0)
        console.log(
          `${name}: ${kills} kills, ${swarm.refreshes} refreshes, ${swarm.retries} retries, ${live} live, ${over} signed out`,
        )
      } finally {
        await swarm.stop()
        await server.end('SIGKILL')
      }
    },
    hour,
  )

  it(
    'a copy of the database 5 generations old is put back: every session goes on',
    async () => {
      const port = await freePort()
      const server = new ServerProcess(place.url, port)
      await server.start()
      const swarm = new Swarm({ urls: [server.url], key, clients })
      await swarm.open()
      await swarm.refreshEach(3)
      await server.end('SIGTERM')
      const copy = await copyOf(place.url)
      await server.start()
      await swarm.refreshEach(5)
      await server.end('SIGTERM')
      const restored = new ServerProcess(copy, port)
      try {
        await restored.start()
        expect(await swarm.check()).toEqual({ live: clients, over: 0 })
        expect(swarm.faults).toEqual([])
        expect(swarm.refreshes).toBe(clients * 10)
      } finally {
        await restored.end('SIGKILL')
        if (name === 'SQLite') rmSync(copy, { recursive: true })
      }
    },
    hour,
  )

  it(
    `50 uses of one refresh token at two processes at once, ${rounds} rounds: one rotation, 50 identical tokens, no error`,
    async () => {
      const servers = [
        new ServerProcess(place.url, await freePort()),
        new ServerProcess(place.url, await freePort()),
      ]
      const authorization = `Bearer ${key}`
      try {
        for (const server of servers) await server.start()
        const ask = (i: number, path: string, body: object, headers: Record<string, string> = {}) =>
          fetch(`${servers[i % 2]!.url}/v1/apps/demo${path}`, {
            method: 'POST',
            headers,
            body: JSON.stringify(body),
          })
        const created = await ask(0, '/users', { identifier: 'racer' }, { authorization })
        const { user } = (await created.json()) as { user: { id: string } }
        let result = await resultOf(ask(0, `/users/${user.id}/sessions`, {}, { authorization }))
        for (let round = 0; round < rounds; round++) {
          const results = await Promise.all(
            Array.from({ length: 50 }, (_, i) =>
              resultOf(ask(i, '/tokens', { refresh_token: result.refresh_token })),
            ),
          )
          expect(new Set(results.map(({ refresh_token }) => refresh_token)).size).toBe(1)
          result = results[0]!
        }
        const store = await openStore(place.url)
        const [session] = await store.sessions.list('demo', Buffer.from(user.id, 'base64url'), Date.now())
        expect(session!.generation).toBe(rounds)
        await store.close()
      } finally {
        for (const server of servers) await server.end('SIGKILL')
      }
    },
    hour,
  )
})

describe('PostgreSQL restarts at once', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await createCluster()
  })
  afterAll(() => cluster.stop())

  it(
    `${crashes} times under load, below two servers: no session lost, none wrongly ended, none alive that was signed out`,
    async () => {
      const url = await cluster.createDatabase()
      const key = await prepare(url)
      const servers = [new ServerProcess(url, await freePort()), new ServerProcess(url, await freePort())]
      const swarm = new Swarm({ urls: servers.map((server) => server.url), key, clients })
      try {
        for (const server of servers) await server.start()
        await swarm.open()
        swarm.start({ signOuts: 0.01 })
        for (let i = 0; i < crashes; i++) {
          await randomMoment()
          await cluster.crash()
          await cluster.start()
          // Under load again before the next one.
          const before = swarm.refreshes
          while (swarm.refreshes < before + 20) await setTimeout(20)
        }
        await swarm.stop()
        const { live, over } = await swarm.check()
        expect(swarm.faults).toEqual([])
        expect(live).toBeGreaterThan(0)
        console.log(
          `PostgreSQL: ${crashes} crashes, ${swarm.refreshes} refreshes, ${swarm.retries} retries, ${live} live, ${over} signed out`,
        )
      } finally {
        await swarm.stop()
        for (const server of servers) await server.end('SIGKILL')
      }
    },
    hour,
  )
})

/** A copy of a database that nobody uses now. */
async function copyOf(url: string): Promise<string> {
  if (!url.startsWith('postgres')) {
    const copy = `${url}-copy`
    cpSync(url, copy, { recursive: true })
    return copy
  }
  const name = new URL(url).pathname.slice(1)
  const client = new pg.Client({ connectionString: url.replace(name, 'postgres') })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}_copy TEMPLATE ${name}`)
  await client.end()
  return url.replace(name, `${name}_copy`)
}
