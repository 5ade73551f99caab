import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { steady } from './steady.ts'

const server = createServer()
afterEach(() => void server.removeAllListeners('request').close())

async function start(): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

it('counts the wait of each refresh that is due while the server stalls, with or without a free connection', async () => {
  const held: ServerResponse[] = []
  let still = true
  server.on('request', (_, response) => {
    if (still) held.push(response)
    else response.end('next')
  })
  const port = await start()
  let begun = performance.now()
  const goesOn = (): boolean => {
    const now = performance.now()
    // The stall begins at the first request, so that requests pile up on a busy machine too.
    if (still && held.length === 0) begun = now
    if (now > begun + 300) {
      still = false
      for (const response of held.splice(0)) response.end('next')
    }
    return now < begun + 400
  }
  const ask = async (to: { ask(method: string, path: string): Promise<{ body: string }> }): Promise<string> =>
    (await to.ask('GET', '/')).body
  const tokens = ['first']
  const latencies = await steady(port, { ask }, tokens, 1000, goesOn)
  expect(tokens).toEqual(['next'])
  expect(latencies.filter((ms) => ms > 50).length).toBeGreaterThan(100)
  expect(latencies.at(-1)).toBeGreaterThan(290)
  expect(latencies).toEqual(latencies.toSorted((a, b) => a - b))
})

it('rejects with the error of the first refresh that fails', async () => {
  server.on('request', (_, response) => response.end())
  const ask = async (): Promise<string> => {
    throw new Error('no token')
  }
  await expect(steady(await start(), { ask }, ['one'], 1000, () => true)).rejects.toThrow('no token')
})
