import { existsSync, statSync } from 'node:fs'
import { makeFolder } from './make-folder.ts'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { StoreUnavailableError } from './database.ts'
import { migrations, tables } from './schema.ts'
import { refuseStaleLog } from './stale-log.ts'
import { foreignTable, newerSchema, olderSchema, UnusableStoreError } from './unusable.ts'

/** The path of the database in a data folder. */
export const databaseFile = (folder: string): string => join(folder, 'tokenkeep.db')

/** Result codes of a database that cannot be used now: busy, locked, read-only, I/O error, full, cannot open. */
const UNAVAILABLE_RESULT_CODES = new Set([5, 6, 8, 10, 13, 14])
/** Result codes of a file that is no SQLite database, or a damaged one. */
const DAMAGED_RESULT_CODES = new Set([11, 26])

/** Turns an error of an unusable database into {@link StoreUnavailableError}. */
export function mapErrors<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    const { errcode = 0, message } = error as { errcode?: number; message: string }
    if (!UNAVAILABLE_RESULT_CODES.has(errcode & 0xff)) throw error
    throw new StoreUnavailableError(message, { cause: error })
  }
}

/** Opens a database to read it. Without a log nobody is writing, so SQLite needs no files of its own beside it. */
function openReadOnly(file: string): DatabaseSync {
  const url = pathToFileURL(file)
  if (!existsSync(`${file}-wal`)) url.searchParams.set('immutable', '1')
  return mapErrors(() => new DatabaseSync(url, { readOnly: true, timeout: 5000 }))
}

/** Returns the schema version of a database of tokenkeep, or 0 if it is empty. Writes nothing. */
export function schemaVersion(file: string): number {
  const database = openReadOnly(file)
  try {
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
      user_version: number
    }
    const found = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all()
    const names = new Set(found.map(({ name }) => name as string))
    if (version > migrations.length) throw newerSchema(version, migrations.length)
    const foreign = version === 0 ? tables.find((table) => names.has(table)) : undefined
    if (foreign) throw foreignTable(foreign)
    if (version > 0 && tables.some((table) => !names.has(table)))
      throw new UnusableStoreError(
        `${file} is not a database of tokenkeep: give tokenkeep a folder of its own`,
      )
    return version
  } catch (error) {
    const { errcode = 0, message } = error as { errcode?: number; message: string }
    if (DAMAGED_RESULT_CODES.has(errcode & 0xff))
      throw new UnusableStoreError(`${file} is damaged or not a database (${message}): restore a backup`, {
        cause: error,
      })
    throw error
  } finally {
    database.close()
  }
}

/**
 * Checks, without writing anything, that the database of a data folder can be opened. Creates the folder if `create` is set.
 * Returns the path of the database.
 *
 * @throws {@link UnusableStoreError} with a line that says what to do.
 */
export function checkFolder(folder: string, create: boolean): string {
  const file = databaseFile(folder)
  try {
    if (create) makeFolder(folder)
    refuseStaleLog(file)
    const isNew = !existsSync(file) || statSync(file).size === 0
    if (isNew && create) return file
    if (isNew)
      throw new UnusableStoreError(
        `there is no database in ${folder}: correct --store, or create one with "tokenkeep migrate"`,
      )
    const version = schemaVersion(file)
    if (!create && version < migrations.length) throw olderSchema(version, migrations.length)
    return file
  } catch (error) {
    const { code = '', syscall } = error as NodeJS.ErrnoException
    if (syscall)
      throw new UnusableStoreError(
        `${folder} cannot be used as a data folder (${code}): choose a folder that this user can write`,
        {
          cause: error,
        },
      )
    throw error
  }
}
