import type { Dialect, Statement } from './database.ts'

/** SQL, or a program for what the databases cannot compute themselves. */
export type Migration = (d: Dialect) => string | MigrationProgram

/** Yields SQL and statements, and gets the rows of each statement. */
export type MigrationProgram = Generator<string | Statement, void, readonly Record<string, unknown>[]>

/** The database has data that the new version does not allow. The message is one line that says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError'
}
