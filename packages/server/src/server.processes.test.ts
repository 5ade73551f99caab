import { cpSync, rmSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCluster, type Cluster } from '../test/cluster.ts'
import { ServerProcess } from '../test/server-process.ts'
import { places, type Place } from '../test/stores.ts'
import { printSeed, seededRandom } from '../test/seed.ts'
import { Swarm } from '../test/swarm.ts'
import { app, resultOf } from '../test/world.ts'
import { createApiKey, openStore } from './index.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'

const kills = Number(process.env['SOAK_KILLS'] ?? 1)
const crashes = Number(process.env['SOAK_CRASHES'] ?? 1)
const rounds = Number(process.env['SOAK_ROUNDS'] ?? 2)
const clients = 16
/** Long enough for soak runs with many kills, crashes and rounds. */
const HOUR_MS = 3_600_000

printSeed()
const random = seededRandom(1_000_000)

/** Creates the app `demo` in a store and returns an API key of it. */
async function prepare(url: string): Promise<string> {
  const store = await openStore(url)
  await store.apps.add('demo', app, 'system', Date.now())
  const { secret } = await createApiKey(store, 'demo', 'tests', 'system', Date.now())
  await store.close()
  return secret
}

/** Waits for a random number of refreshes and a random time, so that a crash hits the servers under load at any step. */
const randomMoment = async (swarm: Swarm): Promise<void> => {
  await swarm.progress(1 + Math.floor(random() * 20))
  await setTimeout(random() * 250)
}

describe.each(places)('servers on $name', ({ name, make }) => {
  let place: Place
  let key: string
  beforeAll(async () => {
    place = await make()
    key = await prepare(place.url)
  })
  afterAll(() => place.remove())

  it(
    `keeps live sessions and ended sessions when the server is killed ${kills} times under load`,
    async () => {
      const server = new ServerProcess(place.url, await freePort())
      await server.start()
      const swarm = new Swarm({ urls: [server.url], key, clients })
      try {
        await swarm.open()
        swarm.start({ signOuts: 0.01 })
        for (let i = 0; i < kills; i++) {
          await randomMoment(swarm)
          await server.end('SIGKILL')
          await server.start()
        }
        await randomMoment(swarm)
        await swarm.stop()
        const { live, signedOut } = await swarm.check()
        expect(swarm.faults).toEqual([])
        expect(live).toBeGreaterThan(0)
        console.log(
          `${name}: ${kills} kills, ${swarm.refreshes} refreshes, ${swarm.retries} retries, ${live} live, ${signedOut} signed out`,
        )
      } finally {
        await swarm.stop()
        await server.end('SIGKILL')
      }
    },
    HOUR_MS,
  )

  it(
    'keeps every session when a backup of the database that is 5 generations old is restored',
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
        expect(await swarm.check()).toEqual({ live: clients, signedOut: 0 })
        expect(swarm.faults).toEqual([])
        expect(swarm.refreshes).toBe(clients * 10)
      } finally {
        await restored.end('SIGKILL')
        if (name === 'SQLite') rmSync(copy, { recursive: true })
      }
    },
    HOUR_MS,
  )

  it(
    `rotates once and returns 50 identical tokens for 50 concurrent uses at two processes, in each of ${rounds} rounds`,
    async () => {
      const servers = [
        new ServerProcess(place.url, await freePort()),
        new ServerProcess(place.url, await freePort()),
      ]
      const authorization = `Bearer ${key}`
      try {
        for (const server of servers) await server.start()
        /** Asks again if the database had no time for the question, as a client does. */
        const ask = async (
          i: number,
          path: string,
          body: object,
          headers: Record<string, string> = {},
        ): Promise<Response> => {
          const init = { method: 'POST', headers, body: JSON.stringify(body) }
          const answer = await fetch(`${servers[i % 2]!.url}/v1/apps/demo${path}`, init)
          return answer.status === 503 ? ask(i, path, body, headers) : answer
        }
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
    HOUR_MS,
  )
})

describe('a crash of PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await createCluster()
  })
  afterAll(() => cluster.stop())

  it(
    `keeps live sessions and ended sessions of two servers when it happens ${crashes} times under load`,
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
          await randomMoment(swarm)
          await cluster.crash()
          await cluster.start()
          await swarm.progress(20)
        }
        await swarm.stop()
        const { live, signedOut } = await swarm.check()
        expect(swarm.faults).toEqual([])
        expect(live).toBeGreaterThan(0)
        console.log(
          `PostgreSQL: ${crashes} crashes, ${swarm.refreshes} refreshes, ${swarm.retries} retries, ${live} live, ${signedOut} signed out`,
        )
      } finally {
        await swarm.stop()
        for (const server of servers) await server.end('SIGKILL')
      }
    },
    HOUR_MS,
  )
})

/** Copies a database that no process uses. Returns the URL of the copy. */
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
