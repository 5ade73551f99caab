import type { Command } from 'commander'
import { addSettings, withStore } from './options.ts'

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database up to date (serve also does this when it starts)')
    // Opening a store migrates its database.
    .action((flags: Record<string, unknown>) =>
      withStore(flags, async () => void process.stdout.write('up to date\n')),
    )
  addSettings(command, ['store'])
}
