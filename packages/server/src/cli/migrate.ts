import type { Command } from 'commander'
import { printRecord } from './output.ts'
import { addSettings, withStore } from './options.ts'

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('create the database, or bring it up to date (serve also does this when it starts)')
    // Opening a store migrates its database.
    .action((flags: Record<string, unknown>) =>
      withStore(flags, async () => printRecord({ database: 'up to date' }), { create: true }),
    )
  addSettings(command, ['store'])
}
