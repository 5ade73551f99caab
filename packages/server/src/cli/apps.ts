import { settings, settingsFault, signingAlgorithm } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import { createApiKey } from '../tokens/api-keys.ts'
import type { App } from '../store/apps.ts'
import type { Store } from '../store/store.ts'
import { CommandError } from './command-error.ts'
import { addSettings, withStore } from './options.ts'
import { table } from './table.ts'

const origin = z.url({ protocol: /^https?$/ }).refine((url) => new URL(url).origin === url, {
  error: 'must be an origin, such as https://app.example.com',
})

/** The flags of `apps create`. Lifetimes are seconds. */
const request = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, - or _' }),
  name: z.string().trim().min(1).max(100),
  authOrigin: origin,
  additionalOrigin: z.array(origin).default([]),
  redirectUrl: z.string().min(1),
  alg: signingAlgorithm,
  refresh: z.boolean().default(false),
  authTokenLifetime: z.coerce.number(),
  absolute: z.coerce.number(),
  inactivity: z.coerce.number(),
  signUp: z.boolean().default(true),
})

const usual = settings.parse({})

const fail = (issue: { path: PropertyKey[]; message: string }): never => {
  throw new CommandError(`${issue.path.join('.')}: ${issue.message}`)
}

/** The app of this id, for a command that works on one. Throws {@link CommandError}. */
export async function appOf(store: Store, id: string): Promise<App> {
  const app = await store.apps.find(id)
  if (!app) throw new CommandError(`there is no app ${id}`)
  return app
}

async function createApp(flags: Record<string, unknown>): Promise<void> {
  const parsed = request.safeParse(flags)
  if (!parsed.success) return fail(parsed.error.issues[0]!)
  const asked = parsed.data
  const session = settings.safeParse({
    refresh_enabled: asked.refresh,
    session_timeout_length: asked.authTokenLifetime,
    refresh_absolute_lifetime: asked.absolute,
    refresh_inactivity_lifetime: asked.inactivity,
  })
  if (!session.success) return fail(session.error.issues[0]!)
  const fault = settingsFault(session.data)
  if (fault) throw new CommandError(fault)
  const app = {
    name: asked.name,
    auth_origin: asked.authOrigin,
    additional_auth_origins: asked.additionalOrigin,
    redirect_url: asked.redirectUrl,
    alg: asked.alg,
    public_signup: asked.signUp,
    ...session.data,
  }
  await withStore(flags, async ({ store }) => {
    const now = Date.now()
    if (await store.apps.add(asked.id, app, 'system', now)) return
    if (!flags['replace']) throw new CommandError(`there is an app ${asked.id} already: --replace changes it`)
    const known = await appOf(store, asked.id)
    await store.apps.change(asked.id, known.version, app, {}, 'system', now)
  })
}

export function addAppCommands(program: Command): void {
  const apps = program.command('apps').description('the apps whose users sign in here')
  const create = apps
    .command('create')
    .description('add an app')
    .requiredOption('--id <id>', 'what its URLs are made of')
    .requiredOption('--name <name>', 'what its users see')
    .requiredOption('--auth-origin <origin>', 'where its pages are, such as https://app.example.com')
    .requiredOption('--redirect-url <url>', 'where its users go after a sign-in')
    .option('--additional-origin <origin...>', 'further origins of its pages')
    .addOption(
      new Option('--alg <alg>', 'what signs its auth tokens')
        .choices(signingAlgorithm.options)
        .default('EdDSA'),
    )
    .option('--refresh', 'issue refresh tokens')
    .option(
      '--auth-token-lifetime <seconds>',
      'how long an auth token lives',
      String(usual.session_timeout_length),
    )
    .option(
      '--absolute <seconds>',
      'how long a session lives; 0: no limit',
      String(usual.refresh_absolute_lifetime),
    )
    .option(
      '--inactivity <seconds>',
      'how long a session lives unused; 0: no limit',
      String(usual.refresh_inactivity_lifetime),
    )
    .option('--no-sign-up', 'let nobody become a user by themselves')
    .option('--replace', 'change the app where there is one of this id')
    .action(createApp)
  const list = apps
    .command('list')
    .description('list the apps')
    .action((flags) =>
      withStore(flags, async ({ store }) =>
        table(
          ['id', 'name', 'origin', 'refresh tokens'],
          (await store.apps.list()).map((app) => [
            app.id,
            app.name,
            app.auth_origin,
            app.refresh_enabled ? 'on' : 'off',
          ]),
        ),
      ),
    )
  const key = program
    .command('api-keys')
    .description('the keys that backends bring')
    .command('create')
    .description('make one and print it: it is never shown again')
    .requiredOption('--app <id>', 'the app it is for')
    .option('--name <name>', 'what it is for', 'command line')
    .action((flags: { app: string; name: string }) =>
      withStore({ ...flags }, async ({ store }) => {
        const app = await appOf(store, flags.app)
        const { secret } = await createApiKey(store, app.id, flags.name, 'system', Date.now())
        process.stdout.write(`${secret}\n`)
      }),
    )
  for (const command of [create, list, key]) addSettings(command, ['store'])
}
