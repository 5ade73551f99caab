import { Command } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import { addAdminCommands } from './admins.ts'
import { addApiKeyCommands } from './api-keys.ts'
import { addAppCommands } from './apps.ts'
import { addBackupCommands } from './backup.ts'
import { addClientSecretCommand } from './client-secrets.ts'
import { addDoctorCommand } from './doctor.ts'
import { addKeyCommands } from './keys.ts'
import { addMigrateCommand } from './migrate.ts'
import { printNextOf } from './next.ts'
import { printable } from '../printable.ts'
import { addServeCommand } from './serve.ts'
import { addUserCommands } from './users.ts'

const MORE_HELP = `
Settings can also come from the environment or a file: a flag overrides a variable, a variable overrides the file.
Secrets have no flag: use TOKENKEEP_MASTER_KEY and TOKENKEEP_METRICS_TOKEN, or the same names with _FILE and a path.`

export function createProgram(): Command {
  const program = new Command('tokenkeep')
    // Errors are thrown, so that one place prints them and decides the exit code.
    .exitOverride()
    .description('Session server: refresh tokens, sign-out, revocation, passkeys')
    .addHelpText('after', MORE_HELP)
    .version(manifest.version, '--version', 'print the version')
    .configureOutput({
      // One line, as for every other error.
      outputError: (text, write) =>
        write(
          `tokenkeep: ${printable(text.replace(/^error: /, '').trim())} (--help shows all commands and options)\n`,
        ),
    })
    .hook('postAction', (_, command) => printNextOf(command))
  addServeCommand(program)
  addMigrateCommand(program)
  addAppCommands(program)
  addApiKeyCommands(program)
  addClientSecretCommand(program)
  addUserCommands(program)
  addKeyCommands(program)
  addAdminCommands(program)
  addBackupCommands(program)
  addDoctorCommand(program)
  return program
}
