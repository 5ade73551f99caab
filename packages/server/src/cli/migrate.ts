import type { Command } from 'commander'
import { addSettings, withStore } from './options.ts'

export function addMigrateCommand(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the database up to date (serve does so too, at its start)')
    // Opening a store migrates it, under a lock.
    .action((flags: Record<string, unknown>) =>
      withStore(flags, async () => void process.stdout.write('up to date\n')),
    )
  addSettings(command, ['store'])
}
