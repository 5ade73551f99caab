#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { settings, settingsFault } from '@tokenkeep/protocol'
import { createApiKey } from './api-keys.ts'
import { serveOn } from './serve.ts'
import { openStore } from './store/store.ts'

const usage = `usage:
  tokenkeep serve --store DIR [--port 4000] [--host localhost] [--base-url URL]
  tokenkeep apps create --store DIR --id ID --name NAME --auth-origin URL --redirect-url URL
                        [--refresh] [--auth-token-lifetime S] [--absolute S] [--inactivity S]
  tokenkeep api-keys create --store DIR --app ID`

const fail = (message: string): never => {
  process.stderr.write(`tokenkeep: ${message}\n`)
  process.exit(1)
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        store: { type: 'string' },
        port: { type: 'string', default: process.env['PORT'] ?? '4000' },
        host: { type: 'string', default: 'localhost' },
        'base-url': { type: 'string' },
        id: { type: 'string' },
        name: { type: 'string' },
        app: { type: 'string' },
        'auth-origin': { type: 'string' },
        'redirect-url': { type: 'string' },
        refresh: { type: 'boolean', default: false },
        'auth-token-lifetime': { type: 'string' },
        absolute: { type: 'string' },
        inactivity: { type: 'string' },
      },
    })
  } catch (error) {
    return fail(`${(error as Error).message}\n${usage}`)
  }
}

const { positionals, values } = read()
const need = (name: 'store' | 'id' | 'name' | 'app' | 'auth-origin' | 'redirect-url'): string =>
  values[name] ?? fail(`--${name} is missing\n${usage}`)

async function createApp(): Promise<void> {
  const seconds = (name: 'auth-token-lifetime' | 'absolute' | 'inactivity'): number | undefined =>
    values[name] === undefined ? undefined : Number(values[name])
  const parsed = settings.safeParse({
    refresh_enabled: values.refresh,
    session_timeout_length: seconds('auth-token-lifetime'),
    refresh_absolute_lifetime: seconds('absolute'),
    refresh_inactivity_lifetime: seconds('inactivity'),
  })
  if (!parsed.success) return fail(parsed.error.issues[0]!.message)
  const fault = settingsFault(parsed.data)
  if (fault) return fail(fault)
  const authOrigin = need('auth-origin')
  if (!URL.canParse(authOrigin) || new URL(authOrigin).origin !== authOrigin)
    return fail('--auth-origin must be an origin, such as https://app.example.com')
  const store = await openStore(need('store'))
  const id = need('id')
  const app = {
    name: need('name'),
    auth_origin: authOrigin,
    additional_auth_origins: [],
    redirect_url: need('redirect-url'),
    alg: 'EdDSA',
    public_signup: true,
    ...parsed.data,
  } as const
  const known = await store.apps.find(id)
  // A demo's command is run at each start: then it says what the app shall be.
  if (known) await store.apps.change(id, known.version, app, {}, 'system', Date.now())
  else await store.apps.add(id, app, 'system', Date.now())
  await store.close()
}

async function createKey(): Promise<void> {
  const store = await openStore(need('store'))
  const app = need('app')
  if (!(await store.apps.find(app))) fail(`there is no app ${app}`)
  const { secret } = await createApiKey(store, app, 'command line', 'system', Date.now())
  process.stdout.write(`${secret}\n`)
  await store.close()
}

const command = positionals.join(' ')
if (command === 'serve') {
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) fail('--port must be a port')
  const baseUrl = values['base-url'] ?? `http://localhost:${port}`
  await serveOn({ folder: need('store'), port, host: values.host, baseUrl })
} else if (command === 'apps create') await createApp()
else if (command === 'api-keys create') await createKey()
else fail(usage)
