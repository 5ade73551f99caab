import { appModes, settings, signingAlgorithm } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { z } from 'zod'
import { isReserved } from '../operations/console-app.ts'
import { appProfile, profileFault } from '../store/app-profile.ts'
import { CommandError } from './command-error.ts'
import { refuseFlag } from './app-flags.ts'
import { addModeOptions, readModes } from './mode-options.ts'
import { addSettings, withStore } from './options.ts'
import { requireApp } from './require-app.ts'
import { printRows } from './output.ts'
import { addUpdateAppCommand } from './update-app.ts'

const origin = z
  .url({ protocol: /^https?$/ })
  .refine((url) => URL.canParse(url) && new URL(url).origin === url, {
    error: 'must be an origin, such as https://app.example.com',
  })

const wholeNumber = z
  .string()
  .regex(/^\d{1,12}$/)
  .transform(Number)

/** The flags of `apps create`. Lifetimes are in seconds. */
const createFlags = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, { error: 'must be 1 to 64 letters, digits, - or _' }),
  name: z.string().trim().min(1).max(100),
  authOrigin: origin,
  additionalOrigin: z.array(origin).default([]),
  redirectUrl: z.string().min(1).max(2000),
  alg: signingAlgorithm,
  refresh: z.boolean().default(false),
  authTokenLifetime: wholeNumber,
  absolute: wholeNumber,
  inactivity: wholeNumber,
  publicSignup: z.boolean().default(false),
})

const DEFAULTS = settings.parse({})

async function createApp(flags: Record<string, unknown>): Promise<void> {
  const parsed = createFlags.safeParse(flags)
  if (!parsed.success) return refuseFlag(flags, String(parsed.error.issues[0]!.path[0]))
  const given = parsed.data
  if (isReserved(given.id))
    throw new CommandError(`--id ${given.id}: is reserved for the Console: choose another id`)
  const session = settings.safeParse({
    refresh_enabled: given.refresh,
    session_timeout_length: given.authTokenLifetime,
    refresh_absolute_lifetime: given.absolute,
    refresh_inactivity_lifetime: given.inactivity,
  })
  if (!session.success) return refuseFlag(flags, String(session.error.issues[0]!.path[0]))
  const modes = appModes.safeParse(readModes(flags))
  if (!modes.success) return refuseFlag(flags, String(modes.error.issues[0]!.path[0]))
  const app = appProfile({
    name: given.name,
    auth_origin: given.authOrigin,
    additional_auth_origins: given.additionalOrigin,
    redirect_url: given.redirectUrl,
    alg: given.alg,
    public_signup: given.publicSignup,
    ...session.data,
    ...modes.data,
  })
  const fault = profileFault(app)
  if (fault)
    throw new CommandError(`--refresh: ${fault}: see --auth-token-lifetime, --absolute and --inactivity`)
  await withStore(
    flags,
    async ({ store }) => {
      const now = Date.now()
      if (await store.apps.add(given.id, app, 'system', now)) return
      if (!flags['replace'])
        throw new CommandError(`there is an app ${given.id} already: add --replace to change it`)
      const known = await requireApp(store, given.id)
      if (!(await store.apps.change(given.id, known.version, app, {}, 'system', now)))
        throw new CommandError(`the app ${given.id} has changed meanwhile: try again`)
    },
    { create: true },
  )
}

export function addAppCommands(program: Command): void {
  const apps = program.command('apps').description('manage apps')
  const create = apps
    .command('create')
    .description('add an app')
    .requiredOption('--id <id>', 'the id of the app: a part of its URLs')
    .requiredOption('--name <name>', 'the name that users see')
    .requiredOption('--auth-origin <origin>', 'the origin of its pages, such as https://app.example.com')
    .requiredOption('--redirect-url <url>', 'the URL that users go to after a sign-in')
    .option('--additional-origin <origin...>', 'more origins of its pages')
    .addOption(
      new Option('--alg <alg>', 'the algorithm that signs its auth tokens')
        .choices(signingAlgorithm.options)
        .default('EdDSA'),
    )
    .option('--refresh', 'issue refresh tokens')
    .option(
      '--auth-token-lifetime <seconds>',
      'the lifetime of an auth token in seconds',
      String(DEFAULTS.session_timeout_length),
    )
    .option(
      '--absolute <seconds>',
      'the maximum lifetime of a session in seconds; 0: no limit',
      String(DEFAULTS.refresh_absolute_lifetime),
    )
    .option(
      '--inactivity <seconds>',
      'the maximum time without activity in seconds; 0: no limit',
      String(DEFAULTS.refresh_inactivity_lifetime),
    )
    .option('--public-signup', 'let anybody sign up with a passkey; otherwise a sign-up needs an invitation')
    .option('--replace', 'change the app if the id exists')
    .action(createApp)
  addModeOptions(create)
  const list = apps
    .command('list')
    .description('list the apps')
    .action((flags) =>
      withStore(flags, async ({ store }) =>
        printRows(
          (await store.apps.list()).map((app) => ({
            id: app.id,
            name: app.name,
            origin: app.auth_origin,
            refresh_tokens: app.refresh_enabled,
            public_sign_up: app.public_signup,
          })),
        ),
      ),
    )
  addUpdateAppCommand(apps)
  for (const command of [create, list]) addSettings(command, ['store'])
}
