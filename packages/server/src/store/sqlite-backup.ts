import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { makeFolder } from './make-folder.ts'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { databaseFile, mapErrors, schemaVersion } from './sqlite-file.ts'
import { UnusableStoreError } from './unusable.ts'

/** Writes a file or a folder to the disk. */
function sync(path: string): void {
  const fd = openSync(path, 'r')
  fsyncSync(fd)
  closeSync(fd)
}

/** Reads the whole database. Throws if a part of it is damaged. */
function verify(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true })
  try {
    const [first] = database.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
    if (first!.quick_check !== 'ok')
      throw new UnusableStoreError(`${file} is damaged (${first!.quick_check}): take another backup`)
  } finally {
    database.close()
  }
}

/**
 * Copies the database of a data folder to a new file, as of one moment, while servers use it. The file has its name only when
 * it is complete, checked and on the disk.
 */
export function backupSqlite(folder: string, target: string): void {
  const source = databaseFile(folder)
  if (!existsSync(source)) throw new UnusableStoreError(`there is no database in ${folder}: correct --store`)
  schemaVersion(source)
  if (existsSync(target)) throw new UnusableStoreError(`${target} exists: choose a new file for the backup`)
  if (!existsSync(dirname(target)))
    throw new UnusableStoreError(`the folder of ${target} does not exist: create it first`)
  const partial = `${target}.partial-${process.pid}`
  try {
    const database = mapErrors(() => new DatabaseSync(source, { readOnly: true, timeout: 5000 }))
    try {
      mapErrors(() => database.prepare('VACUUM INTO ?').run(partial))
    } finally {
      database.close()
    }
    chmodSync(partial, 0o600)
    verify(partial)
    sync(partial)
    renameSync(partial, target)
    sync(dirname(target))
  } finally {
    rmSync(partial, { force: true })
  }
}

/** Empties the log of a database, so that it can be moved alone. Throws if a process has the database open. */
function closeLog(file: string): void {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file)
    database.exec('PRAGMA journal_mode = DELETE')
  } catch (error) {
    // A damaged database is moved as it is, with its log: it can be the reason for the restore.
    // The low byte of an extended code is the code itself (SQLITE_BUSY is 5).
    if ((((error as { errcode?: number }).errcode ?? 0) & 0xff) !== 5) return
    throw new UnusableStoreError('a process has this database open: stop the server first', { cause: error })
  } finally {
    database?.close()
  }
}

/** Gives the database another name too. The log of a damaged database goes with it, because the new one must not get it. */
function keepDatabase(file: string, kept: string): void {
  for (const part of ['-wal', '-shm'])
    if (existsSync(`${file}${part}`)) renameSync(`${file}${part}`, `${kept}${part}`)
  try {
    linkSync(file, kept)
  } catch {
    // Some file systems have no hard links.
    copyFileSync(file, kept)
  }
}

/**
 * Replaces the database of a data folder by a backup. Returns the path of the replaced database, which is kept, or undefined
 * if there was none. After a crash at any step, either the old or the new database is there.
 */
export function restoreSqlite(folder: string, backup: string): string | undefined {
  if (!existsSync(backup)) throw new UnusableStoreError(`${backup} does not exist: name the file of a backup`)
  if (existsSync(`${backup}-wal`))
    throw new UnusableStoreError(
      `${backup} is a database in use and not a backup, because ${backup}-wal exists: use "tokenkeep backup"`,
    )
  if (schemaVersion(backup) === 0)
    throw new UnusableStoreError(`${backup} is empty: name the file of a backup`)
  verify(backup)

  makeFolder(folder)
  const file = databaseFile(folder)
  const partial = `${file}.partial-${process.pid}`
  try {
    copyFileSync(backup, partial)
    chmodSync(partial, 0o600)
    sync(partial)
    const kept = `${file}.replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    const hadDatabase = existsSync(file)
    if (hadDatabase) {
      closeLog(file)
      keepDatabase(file, kept)
    }
    renameSync(partial, file)
    sync(folder)
    return hadDatabase ? kept : undefined
  } finally {
    rmSync(partial, { force: true })
  }
}
