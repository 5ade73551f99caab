import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createSharedCache, type Answer, type SharedCache } from './cache.ts'

/** What the front does to answers. */
export interface Weather {
  readonly random: () => number
  /** The part of the answers with a `Set-Cookie` that lose it. */
  readonly loss: number
  /** The part of the answers that arrive late, by at most `lateBy`. */
  readonly late: number
  /** Milliseconds. */
  readonly lateBy: number
}

export interface Front {
  readonly url: string
  readonly cache: SharedCache
  readonly counts: { requests: number; dropped: number; late: number; reversed: number; broken: number }
  close(): void
}

/** How long answers are held, to leave in reverse order. Milliseconds. */
const HOLD = 150
/** Headers between two neighbours (RFC 9110 section 7.6.1), and what `fetch` has decoded. */
const OWN = ['connection', 'keep-alive', 'transfer-encoding', 'content-encoding', 'content-length']

/**
 * The network between browsers and the instances of an app: it chooses an instance for each request, drops cookies, delays
 * and reverses answers, and has a shared cache.
 */
export async function startFront(
  urls: () => readonly string[],
  { random, loss, late, lateBy }: Weather,
): Promise<Front> {
  const cache = createSharedCache()
  const counts: Front['counts'] = { requests: 0, dropped: 0, late: 0, reversed: 0, broken: 0 }
  let held: (() => void)[] = []
  const release = setInterval(() => {
    if (held.length > 1) counts.reversed += held.length
    held.toReversed().forEach((send) => send())
    held = []
  }, HOLD)

  /**
   * Decides whether an answer loses its cookies, and counts those that do. The answer to a sign-in never does: without
   * it there is no session to lose.
   */
  function drop(path: string, { headers }: Answer): boolean {
    if (!headers.has('set-cookie') || path.startsWith('/sign-in') || random() >= loss) return false
    counts.dropped++
    return true
  }

  const server = createServer(async (request, response) => {
    counts.requests++
    const path = request.url!
    const key = `${request.method} ${path} ${request.headers['rsc'] ?? ''}`
    const sent = new Headers(request.headers as Record<string, string>)
    for (const name of OWN) sent.delete(name)
    sent.set('x-forwarded-host', request.headers.host!)
    sent.set('x-forwarded-proto', 'http')
    const body = request.method === 'GET' ? undefined : await text(request)
    let answer = request.method === 'GET' ? cache.get(key) : undefined
    if (!answer) {
      const answering = urls()
      const url = answering[Math.floor(random() * answering.length)]
      answer = await fetch(`${url}${path}`, {
        method: request.method!,
        headers: sent,
        redirect: 'manual',
        ...(body !== undefined && { body }),
      })
        .then(async (got) => ({ status: got.status, headers: got.headers, body: await got.text() }))
        // An instance was killed.
        .catch(() => undefined)
      if (answer && request.method === 'GET') cache.keep(key, answer)
    }
    if (!answer) counts.broken++
    if (random() < late) {
      counts.late++
      await sleep(random() * lateBy)
    }
    await new Promise<void>((send) => held.push(send))
    if (!answer) return void response.writeHead(502).end()
    const isDropped = drop(path, answer)
    for (const [name, value] of answer.headers)
      if (!OWN.includes(name) && name !== 'set-cookie') response.setHeader(name, value)
    if (!isDropped) response.setHeader('set-cookie', answer.headers.getSetCookie())
    return void response.writeHead(answer.status).end(answer.body)
  })
  // Longer than the pause between two waves: a browser must not meet a connection that closes.
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(0, resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    cache,
    counts,
    close() {
      clearInterval(release)
      server.closeAllConnections()
      server.close()
    },
  }
}
