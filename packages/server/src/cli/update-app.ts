import { settingsChange } from '@tokenkeep/protocol'
import type { Command } from 'commander'
import { changeApp, profileFault } from '../store/app-profile.ts'
import { isReserved } from '../operations/console-app.ts'
import { requireApp } from './require-app.ts'
import { readSeconds, refuseFlag } from './app-flags.ts'
import { CommandError } from './command-error.ts'
import { addModeOptions, readModes } from './mode-options.ts'
import { addSettings, withStore } from './options.ts'

/** The flags of `apps update`, by the field of the app that each one changes. Lifetimes are in seconds. */
interface Flags {
  readonly id: string
  readonly name?: string
  readonly authOrigin?: string
  readonly additionalOrigin?: string[]
  readonly redirectUrl?: string
  readonly publicSignup?: boolean
  readonly refresh?: boolean
  readonly authTokenLifetime?: string
  readonly absolute?: string
  readonly inactivity?: string
}

async function updateApp(flags: Flags): Promise<void> {
  const change = settingsChange.safeParse({
    name: flags.name,
    auth_origin: flags.authOrigin,
    additional_auth_origins: flags.additionalOrigin,
    redirect_url: flags.redirectUrl,
    public_signup: flags.publicSignup,
    refresh_enabled: flags.refresh,
    session_timeout_length: readSeconds(flags.authTokenLifetime),
    refresh_absolute_lifetime: readSeconds(flags.absolute),
    refresh_inactivity_lifetime: readSeconds(flags.inactivity),
    ...readModes({ ...flags }),
  })
  if (!change.success) return refuseFlag({ ...flags }, String(change.error.issues[0]!.path[0]))
  if (isReserved(flags.id))
    throw new CommandError('--id console: serve keeps the app of the Console as it must be')
  await withStore({ ...flags }, async ({ store }) => {
    const app = await requireApp(store, flags.id)
    const { profile, ...data } = changeApp(app, change.data)
    const fault = profileFault(profile)
    if (fault) throw new CommandError(fault)
    if (!(await store.apps.change(app.id, app.version, profile, data, 'system', Date.now())))
      throw new CommandError(`the app ${app.id} has changed meanwhile: try again`)
  })
}

/** Adds `apps update`: it changes what its options name, and nothing else. */
export function addUpdateAppCommand(apps: Command): void {
  const command = apps
    .command('update')
    .description('change an app: only what the options name')
    .requiredOption('--id <id>', 'the id of the app')
    .option('--name <name>', 'the name that users see')
    .option('--auth-origin <origin>', 'the origin of its pages, such as https://app.example.com')
    .option('--additional-origin <origin...>', 'more origins of its pages, in place of the earlier ones')
    .option('--redirect-url <url>', 'the URL that users go to after a sign-in')
    .option('--public-signup', 'let anybody sign up with a passkey')
    .option('--no-public-signup', 'a sign-up needs an invitation')
    .option('--refresh', 'issue refresh tokens')
    .option('--no-refresh', 'issue no refresh tokens')
    .option('--auth-token-lifetime <seconds>', 'the lifetime of an auth token in seconds')
    .option('--absolute <seconds>', 'the maximum lifetime of a session in seconds; 0: no limit')
    .option('--inactivity <seconds>', 'the maximum time without activity in seconds; 0: no limit')
    .action(updateApp)
  addSettings(addModeOptions(command), ['store'])
}
