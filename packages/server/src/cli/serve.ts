import type { Command } from 'commander'
import { setTimeout as delay } from 'node:timers/promises'
import { pino, type Logger } from 'pino'
import { findConsole } from '../http/console-files.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { createHousekeeping } from '../operations/housekeeping.ts'
import { listen } from '../http/listen.ts'
import { createSessionServer } from '../server.ts'
import type { Store } from '../store/store.ts'
import { createWebhookSender } from '../webhooks/sender.ts'
import { CommandError } from './command-error.ts'
import { schema, type Setting, type Settings } from './config.ts'
import { logOutput, type LogOutput } from './log-output.ts'
import { printNext } from './next.ts'
import { addSettings, openConfiguredKeys, openConfiguredStore, settingsOf } from './options.ts'

/**
 * Listens for SIGINT and SIGTERM. The first process of a container must do this from its start: without a listener, a
 * signal does not end it. After the first signal, or `dispose`, a signal ends the process at once.
 */
function listenForSignal(): { readonly received: Promise<string>; dispose(): void } {
  const { promise: received, resolve } = Promise.withResolvers<string>()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const dispose = (): void => signals.forEach((signal) => process.off(signal, onSignal))
  const onSignal = (signal: string): void => {
    dispose()
    resolve(signal)
  }
  for (const signal of signals) process.on(signal, onSignal)
  return { received, dispose }
}

/** What the operator can do if the server cannot listen, by Node's code. */
const LISTEN_ERRORS: Readonly<Record<string, (settings: Settings) => string>> = {
  EADDRINUSE: ({ config, nameOf }) =>
    `${nameOf('port')} ${config.port}: port ${config.port} is in use: choose another with --port or TOKENKEEP_PORT`,
  EACCES: ({ config, nameOf }) =>
    `${nameOf('port')} ${config.port}: this user may not listen there: choose a port above 1023`,
  ...Object.fromEntries(
    ['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].map((code) => [
      code,
      ({ config, nameOf }: Settings) =>
        `${nameOf('host')} ${config.host}: this machine has no such address: use localhost, or 0.0.0.0 for all addresses`,
    ]),
  ),
}

async function serve(flags: Record<string, unknown>): Promise<void> {
  const settings = settingsOf(flags)
  const signal = listenForSignal()
  const output = logOutput(1, process.stdout.isTTY)
  const log = pino({ level: settings.config.logLevel }, output)
  let store: Store | undefined
  try {
    store = await openConfiguredStore(settings, true)
    await run(settings, store, log, output, signal.received)
  } finally {
    signal.dispose()
    await store?.close()
    await output.close()
  }
}

/** Answers requests until a signal comes. */
async function run(
  settings: Settings,
  store: Store,
  log: Logger,
  output: LogOutput,
  signalled: Promise<string>,
): Promise<void> {
  const { config } = settings
  const { port, host, baseUrl = `http://localhost:${port}` } = config
  const keys = await openConfiguredKeys(settings, store, (path) =>
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
  const keepEvents = config.eventDays * 86_400_000
  const housekeeping = createHousekeeping({ store, keys, log, keepEvents })
  const allowPrivate = config.privateWebhooks === 'allow'
  const webhooks = createWebhookSender({ store, keys, log, allowPrivate })
  try {
    const invitation = await prepareConsole(store, baseUrl, Date.now())
    const listening = await listen(server, config).catch((error: NodeJS.ErrnoException) => {
      const advice = LISTEN_ERRORS[error.code ?? '']
      throw advice ? new CommandError(advice(settings)) : error
    })
    log.info({ url: baseUrl, host, port }, 'listening')
    housekeeping.start()
    webhooks.start()
    // The link makes its reader an admin, so it is printed on the terminal and never logged.
    if (invitation) process.stderr.write(`First admin: ${invitation}\n`)
    else printNext(`open ${baseUrl}/console/`)

    log.info({ signal: await signalled }, 'stopping')
    server.drain()
    // A load balancer sees "not ready" first and sends no new requests.
    await delay(config.drainDelay * 1000)
    await Promise.all([listening.close(config.drainTimeout), server.close()])
    log.info('stopped')
  } finally {
    await Promise.all([housekeeping.stop(), webhooks.stop()])
    await server.close()
  }
}

export function addServeCommand(program: Command): void {
  const command = program.command('serve').description('run the session server').action(serve)
  addSettings(command, Object.keys(schema.shape) as Setting[])
}
