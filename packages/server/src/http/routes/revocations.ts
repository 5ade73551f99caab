import type { Revocation } from '@tokenkeep/protocol'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { feedWindow, type FeedAnswer } from '../../sessions/revocation-feed.ts'
import { HttpError } from '../../errors.ts'
import { header, type AppContext, type Env } from '../request.ts'

/** How often a stream in which nothing happens shows that it is alive. ms. */
const heartbeat = 15_000

async function pageOf(c: AppContext, since: string | undefined): Promise<FeedAnswer> {
  const page = await c.env.instance.feed.page(c.get('app').id, since)
  if (!page) throw new HttpError(400, 'invalid_request', 'since: a cursor of this feed')
  return page
}

function stream(c: AppContext): Response | Promise<Response> {
  const feed = c.env.instance.feed
  const { id } = c.get('app')
  const since = header(c, 'last-event-id') ?? c.req.query('since')

  return streamSSE(c, async (sse) => {
    const waiting: (Revocation | 'end')[] = []
    let wake = (): void => undefined
    const hand = (...entries: (Revocation | 'end')[]): void => {
      waiting.push(...entries)
      wake()
    }
    const next = async (): Promise<Revocation | 'end'> => {
      if (!waiting.length) await new Promise<void>((resolve) => (wake = resolve))
      return waiting.shift()!
    }
    const tell = (entry: Revocation): Promise<void> =>
      sse.writeSSE({ id: entry.id, event: 'revocation', data: JSON.stringify(entry) })

    // Following before reading what was: nothing falls between the two, though it may come twice.
    const stop = feed.follow(
      id,
      (entries) => hand(...entries),
      () => hand('end'),
    )
    sse.onAbort(() => hand('end'))
    const beat = setInterval(() => void sse.write(': alive\n\n'), heartbeat)
    try {
      await sse.write(': revocations\n\n')
      const { revocations, cursor } = await pageOf(c, since)
      for (const entry of revocations) await tell(entry)
      await sse.writeSSE({ event: 'ready', data: JSON.stringify({ cursor }) })
      for (let entry = await next(); entry !== 'end'; entry = await next()) await tell(entry)
    } finally {
      clearInterval(beat)
      stop()
    }
  })
}

/** What ended, for backends that refuse the auth tokens of ended sessions without asking for each. */
export function revocationRoutes(): Hono<Env> {
  const routes = new Hono<Env>()
  routes.get('/revocations', async (c) => {
    if (header(c, 'accept')?.includes('text/event-stream')) return stream(c)
    return c.json({ ...(await pageOf(c, c.req.query('since'))), window: feedWindow })
  })
  return routes
}
