import type { Command } from 'commander'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { pino } from 'pino'
import { findConsole } from '../http/console-files.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { createHousekeeping, type Housekeeping } from '../operations/housekeeping.ts'
import { listen } from '../http/listen.ts'
import { openKeys } from '../tokens/master-key.ts'
import { createSessionServer } from '../server.ts'
import { openStore } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { readConfig, schema, type Setting } from './config.ts'
import { logOutput } from './log-output.ts'
import { addSettings } from './options.ts'

/** Waits for SIGINT or SIGTERM. Afterwards a second signal ends the process at once. */
async function waitForSignal(): Promise<string> {
  const stop = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const first = await Promise.race(
    signals.map(async (signal) => {
      await once(process, signal, { signal: stop.signal }).catch(() => undefined)
      return signal
    }),
  )
  stop.abort()
  return first
}

async function serve(flags: Record<string, unknown>): Promise<void> {
  const config = readConfig(flags)
  const { port, host, baseUrl = `http://localhost:${port}` } = config
  const output = logOutput()
  const log = pino({ level: config.logLevel }, output)
  const store = await openStore(config.store)
  const keys = await openKeys(store, config, (path) =>
    process.stderr.write(
      `Created a master key: ${path}. Keep a copy of it apart from the database: if it is lost, every session ends.\n`,
    ),
  )
  const server = createSessionServer({
    store,
    keys,
    baseUrl,
    log,
    console: findConsole(),
    trustedProxies: config.trustedProxies,
    metricsToken: config.metricsToken,
    limits: config,
    droppedLogLines: output.dropped,
  })
  let housekeeping: Housekeeping | undefined
  try {
    const listening = await listen(server, config).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EADDRINUSE'
        ? new CommandError(`port ${port} is in use: choose another with --port or TOKENKEEP_PORT`)
        : error
    })
    log.info({ url: baseUrl, host, port }, 'listening')
    housekeeping = createHousekeeping({ store, keys, log, keepEvents: config.eventDays * 86_400_000 })
    housekeeping.start()
    const invitation = await prepareConsole(store, baseUrl, Date.now())
    // The link makes its reader an admin, so it is printed on the terminal and never logged.
    if (invitation) process.stderr.write(`First admin: ${invitation}\n`)

    const signal = await waitForSignal()
    log.info({ signal }, 'stopping')
    server.drain()
    // A load balancer sees "not ready" first and sends no new requests.
    await delay(config.drainDelay * 1000)
    await Promise.all([listening.close(config.drainTimeout), server.close()])
    log.info('stopped')
  } finally {
    await housekeeping?.stop()
    await server.close()
    await store.close()
    await output.close()
  }
}

export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the session server').action(serve)
  addSettings(command, Object.keys(schema.shape) as Setting[])
}
