import { Command } from 'commander'
import { addAppCommands } from './apps.ts'
import { addClientSecretCommand } from './client-secrets.ts'
import { addDoctorCommand } from './doctor.ts'
import { addKeyCommands } from './keys.ts'
import { addMigrateCommand } from './migrate.ts'
import { addServeCommand } from './serve.ts'
import { addUserCommands } from './users.ts'

const MORE_HELP = `
Settings can also come from the environment or a file: a flag overrides a variable, a variable overrides the file.
Secrets have no flag: use TOKENKEEP_MASTER_KEY and TOKENKEEP_METRICS_TOKEN, or the same names with _FILE and a path.`

export function createProgram(): Command {
  const program = new Command('tokenkeep')
    .description('Session server: refresh tokens, sign-out, revocation, passkeys')
    .addHelpText('after', MORE_HELP)
    .showHelpAfterError('(--help shows all commands and options)')
  addServeCommand(program)
  addMigrateCommand(program)
  addAppCommands(program)
  addClientSecretCommand(program)
  addUserCommands(program)
  addKeyCommands(program)
  addDoctorCommand(program)
  return program
}
