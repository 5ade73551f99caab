import { role, type Role } from '@tokenkeep/protocol'
import { Option, type Command } from 'commander'
import { CONSOLE_APP_ID, consoleLink, INVITATION_LIFETIME_MS } from '../operations/console-app.ts'
import { invite as createInvitation } from '../operations/invite.ts'
import { CommandError } from './command-error.ts'
import { printValue } from './output.ts'
import { addSettings, withStore } from './options.ts'

export function addAdminCommands(program: Command): void {
  const invite = program
    .command('admins')
    .description('manage the admins of the Console')
    .command('invite')
    .description('print a link that makes one person an admin: once, within an hour')
    .addOption(new Option('--role <role>', 'what the admin may do').choices(role.options).default('owner'))
    .action((flags: Record<string, unknown> & { role: Role }) =>
      withStore(flags, async ({ store, config }) => {
        const console = await store.apps.find(CONSOLE_APP_ID)
        if (!console)
          throw new CommandError('there is no Console yet: start the server once with tokenkeep serve')
        const baseUrl = config.baseUrl ?? console.auth_origin + console.redirect_url.replace('/console/', '')
        const options = { role: flags.role, lifetime: INVITATION_LIFETIME_MS }
        const { secret } = await createInvitation(store, CONSOLE_APP_ID, options, 'system', Date.now())
        printValue(consoleLink(baseUrl, secret))
      }),
    )
  addSettings(invite, ['store', 'baseUrl'])
}
