import type { Revocation } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { FEED_WINDOW_SECONDS, type RevocationPage } from '../../sessions/revocation-feed.ts'
import { ApiError } from '../../errors.ts'
import { authenticateManager } from '../authenticate.ts'
import { header, type AppContext, type Env } from '../request.ts'

/** How often a stream sends a comment, so that both sides and proxies know that it is alive. */
const HEARTBEAT_MS = 15_000
/** How long a stream trusts its last look at the credential that opened it. */
const TRUST_MS = 1000

async function pageOf(c: AppContext, since: string | undefined): Promise<RevocationPage> {
  const page = await c.env.instance.feed.page(c.get('app').id, since)
  if (!page) throw new ApiError('invalid_request', 'since: must be a cursor that this feed returned')
  return page
}

function stream(c: AppContext): Response {
  const feed = c.env.instance.feed
  const { id } = c.get('app')
  const since = header(c, 'last-event-id') ?? c.req.query('since')

  const response = streamSSE(c, async (sse) => {
    const queue: (Revocation | 'end')[] = []
    let wake = (): void => undefined
    const enqueue = (...entries: (Revocation | 'end')[]): void => {
      queue.push(...entries)
      wake()
    }
    const next = async (): Promise<Revocation | 'end'> => {
      if (!queue.length) await new Promise<void>((resolve) => (wake = resolve))
      return queue.shift()!
    }
    const send = (entry: Revocation): Promise<void> =>
      sse.writeSSE({ id: entry.id, event: 'revocation', data: JSON.stringify(entry) })

    // Follow before reading the backlog, so that no entry is missed. An entry can come twice.
    const stop = feed.follow(
      id,
      (entries) => enqueue(...entries),
      () => enqueue('end'),
    )
    sse.onAbort(() => enqueue('end'))
    let lookedAt = performance.now()
    /** Whether whoever opened the stream may still read it: the key may be deleted, or the session of the admin over. */
    const mayGoOn = async (): Promise<boolean> => {
      if (performance.now() - lookedAt < TRUST_MS) return true
      const actor = await authenticateManager(c).catch(() => undefined)
      lookedAt = performance.now()
      return actor?.scopes.includes('introspect') ?? false
    }
    const beat = setInterval(async () => {
      if (await mayGoOn()) await sse.write(': alive\n\n')
      else enqueue('end')
    }, HEARTBEAT_MS)
    try {
      await sse.write(': revocations\n\n')
      const { revocations, cursor } = await pageOf(c, since)
      for (const entry of revocations) await send(entry)
      await sse.writeSSE({ event: 'ready', data: JSON.stringify({ cursor }) })
      for (let entry = await next(); entry !== 'end' && (await mayGoOn()); entry = await next())
        await send(entry)
    } finally {
      clearInterval(beat)
      stop()
    }
  })
  // A proxy must pass each event on at once: nginx keeps what it reads in a buffer, and others compress.
  response.headers.set('x-accel-buffering', 'no')
  response.headers.set('cache-control', 'no-store, no-transform')
  return response
}

/** The revocation feed: with it, a backend refuses the auth tokens of ended sessions without a request for each token. */
export function revocationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/revocations', async (c) => {
    if (header(c, 'accept')?.includes('text/event-stream')) return stream(c)
    return c.json({ ...(await pageOf(c, c.req.query('since'))), window: FEED_WINDOW_SECONDS })
  })
  return routes
}
