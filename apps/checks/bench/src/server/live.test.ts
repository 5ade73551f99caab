import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type { Contender, Surroundings } from './contenders.ts'
import { measureServers, scaling, serverRow, type Turn } from './live.ts'
import { oauthRefreshes } from './load.ts'

const surroundings = { postgres: { cpu: () => 0 }, folder: '', sessions: 1 } as unknown as Surroundings
const stopped: string[] = []

const contender = (title: string, answer: RequestListener): Contender => ({
  title,
  survives: 'nothing',
  async start() {
    const server = createServer(answer)
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    const stop = async (): Promise<void> => {
      stopped.push(title)
      server.closeAllConnections()
      server.close()
    }
    return {
      servers: [{ port, pid: process.pid }],
      refreshes: oauthRefreshes('/token'),
      tokens: ['first'],
      stop,
    }
  },
})

it('reports why a server does not start or does not refresh, and measures the others', async () => {
  const contenders: Contender[] = [
    {
      title: 'absent',
      survives: 'nothing',
      start: () => Promise.reject(new Error('no such program')),
    },
    contender('refusing', (_, response) => response.writeHead(500).end('out of order')),
    contender('good', (_, response) => response.end(JSON.stringify({ refresh_token: 'next' }))),
  ]
  const turns = await measureServers(
    contenders,
    surroundings,
    { rounds: 2, again: 0.01, seconds: 0.05 },
    () => undefined,
  )
  expect(turns.get('absent')).toBe('failed: no such program')
  expect(turns.get('refusing')).toBe('failed: 500: out of order')
  expect(turns.get('good')).toHaveLength(2)
  expect(stopped.toSorted()).toEqual(['good', 'refusing'])

  const [absent, , good] = contenders.map((each) => serverRow(each, turns, 10))
  expect(absent).toEqual({ name: 'absent', version: '', survives: 'nothing', cpu: 'failed: no such program' })
  expect(good!['rate']).toBeGreaterThan(0)
})

it('gives the rate of several processes as a multiple of the rate of one', () => {
  const turn = (refreshes: number): Turn => ({
    refreshes,
    seconds: 1,
    cpu: 1,
    latencies: [1],
    databaseCpu: 0,
  })
  const contenders = [1, 2].map((processes) => ({ ...contender(`${processes}`, () => undefined), processes }))
  const turns = new Map([
    ['1', [turn(100)]],
    ['2', [turn(150), turn(170), turn(160)]],
  ])
  const one = { name: 1, rate: 100, factor: 1 }
  expect(scaling(contenders, turns)).toEqual([one, { name: 2, rate: 160, factor: 1.6 }])
  expect(scaling(contenders, new Map<string, Turn[] | string>([...turns, ['2', 'failed: gone']]))).toEqual([
    one,
    { name: 2, rate: 'failed: gone' },
  ])
})
