import { Command } from 'commander'
import { addAppCommands } from './apps.ts'
import { addDoctorCommand } from './doctor.ts'
import { addKeyCommands } from './keys.ts'
import { addMigrateCommand } from './migrate.ts'
import { addServeCommand } from './serve.ts'
import { addUserCommands } from './users.ts'

const more = `
Settings may also come from the environment or a file: a flag counts before a variable, a variable before the file.
Secrets never by flag: TOKENKEEP_MASTER_KEY and TOKENKEEP_METRICS_TOKEN, or the same with _FILE and a path.`

export function createProgram(): Command {
  const program = new Command('tokenkeep')
    .description('Session server: refresh tokens, sign-out, revocation, passkeys')
    .addHelpText('after', more)
    .showHelpAfterError('(--help tells what there is)')
  addServeCommand(program)
  addMigrateCommand(program)
  addAppCommands(program)
  addUserCommands(program)
  addKeyCommands(program)
  addDoctorCommand(program)
  return program
}
