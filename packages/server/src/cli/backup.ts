import type { Command } from 'commander'
import { backupSqlite, restoreSqlite } from '../store/sqlite-backup.ts'
import { isPostgres } from '../store/store.ts'
import { StoreUnavailableError } from '../store/database.ts'
import { UnusableStoreError } from '../store/unusable.ts'
import { CommandError } from './command-error.ts'
import { printRecord, printValue } from './output.ts'
import { addSettings, settingsOf } from './options.ts'
import { printable } from '../printable.ts'

/** Runs work on the data folder of the settings. Every error that the user can correct becomes one line. */
function onFolder<T>(flags: Record<string, unknown>, file: string, work: (folder: string) => T): T {
  const { config, nameOf } = settingsOf(flags)
  if (isPostgres(config.store))
    throw new CommandError(
      `${nameOf('store')}: PostgreSQL has tools of its own: use pg_dump and pg_restore, see the page on operating`,
    )
  try {
    return work(config.store)
  } catch (error) {
    if (error instanceof UnusableStoreError || error instanceof StoreUnavailableError)
      throw new CommandError(error.message, { cause: error })
    const { code, syscall, path } = error as NodeJS.ErrnoException
    if (syscall)
      throw new CommandError(
        `${printable(path ?? file)} cannot be used (${code}): choose a place that this user can write`,
        { cause: error },
      )
    throw error
  }
}

export function addBackupCommands(program: Command): void {
  const backup = program
    .command('backup <file>')
    .description('copy the database to a new file, while servers use it (SQLite)')
    .action((file: string, flags: Record<string, unknown>) => {
      onFolder(flags, file, (folder) => backupSqlite(folder, file))
      printValue(file)
    })
  const restore = program
    .command('restore <file>')
    .description('replace the database by a backup; no server may be running (SQLite)')
    .action((file: string, flags: Record<string, unknown>) => {
      const kept = onFolder(flags, file, (folder) => restoreSqlite(folder, file))
      printRecord({ restored: file, replaced: kept ?? null })
    })
  for (const command of [backup, restore]) addSettings(command, ['store'])
}
