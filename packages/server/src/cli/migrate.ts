import type { Command } from 'commander'
import { printNext } from './next.ts'
import { addSettings, withStore } from './options.ts'

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('create the database, or bring it up to date (serve also does this when it starts)')
    // Opening a store migrates its database.
    .action(async (flags: Record<string, unknown>) => {
      await withStore(flags, async () => void process.stdout.write('up to date\n'), { create: true })
      printNext('tokenkeep serve')
    })
  addSettings(command, ['store'])
}
