import { serve } from '@hono/node-server'
import type { Server } from 'node:http'
import { pino } from 'pino'
import { findConsole } from './console-files.ts'
import { deriveKeys, readMasterKey } from './keys.ts'
import { prepareConsole } from './console.ts'
import { createSessionServer } from './server.ts'
import { openStore } from './store/store.ts'

/** Milliseconds that requests under way get at shutdown. */
const drain = 5000

/** Runs the session server on Node until it is told to stop. */
export async function serveOn(options: {
  folder: string
  port: number
  host: string
  baseUrl: string
}): Promise<void> {
  const { folder, port, host, baseUrl } = options
  const log = pino()
  const store = await openStore(folder)
  const keys = deriveKeys(readMasterKey(folder))
  const invitation = await prepareConsole(store, baseUrl, Date.now())
  // For the eyes of whoever starts the server: it is in no log.
  if (invitation) process.stderr.write(`First admin: ${invitation}\n`)
  const sessionServer = createSessionServer({ store, keys, baseUrl, log, console: findConsole() })
  const server = serve({ fetch: sessionServer.fetch, port, hostname: host }, () =>
    log.info({ url: baseUrl }, 'listening'),
  ) as Server
  server.requestTimeout = 30_000
  server.on('error', (error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'EADDRINUSE'
        ? `port ${port} is in use: choose another with --port or PORT`
        : error.message
    process.stderr.write(`tokenkeep: ${why}\n`)
    process.exit(1)
  })
  const stop = (): void => {
    server.close(async () => {
      await sessionServer.close()
      await store.close()
      process.exit(0)
    })
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), drain).unref()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}
