import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { TokenError, type TokenManager } from '@tokenkeep/core'
import { afterAll, beforeAll, beforeEach } from 'vitest'

// A test file that imports this file gets an API that accepts only the token `fresh`, and a manager that has `stale`
// until it learns that the API has rejected it.

export let url: string
/** The requests that reached the API: their token and their body. */
export const seen: string[] = []
/** How often the next requests fail with a status, before the token is looked at. */
export const failures: number[] = []
export let refreshes = 0

let current: string

export const auth: Pick<TokenManager, 'getAuthToken'> = {
  async getAuthToken({ rejected, signal } = {}) {
    await new Promise((resolve) => setTimeout(resolve, 5))
    if (signal?.aborted) throw new TokenError('aborted', { cause: signal.reason })
    if (rejected === current && rejected === 'stale') {
      refreshes += 1
      current = 'fresh'
    }
    return current
  },
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  const token = request.headers.authorization?.replace('Bearer ', '')
  seen.push(`${token} ${body}`.trim())
  const status = failures.shift() ?? (token === 'fresh' ? 200 : 401)
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ data: { me: token }, body }))
}

const server = createServer((request, response) => void answer(request, response))
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  seen.length = failures.length = refreshes = 0
  current = 'stale'
})
