/**
 * The store cannot be used as it is: it is of a newer version, belongs to another program, or this role has too few rights.
 * Nothing was written. The message is one line that says what to do.
 */
export class UnusableStoreError extends Error {
  override readonly name = 'UnusableStoreError'
}

/** The database was migrated by a newer version. */
export const newerSchema = (found: number, known: number): UnusableStoreError =>
  new UnusableStoreError(
    `the database is of a newer version of tokenkeep (its schema is ${found}, this version knows ${known}): install that version, or restore a backup`,
  )

/** A table of this name exists, but tokenkeep did not create it. */
export const foreignTable = (table: string): UnusableStoreError =>
  new UnusableStoreError(
    `the database already has a table ${table} that is not of tokenkeep: give tokenkeep a database of its own`,
  )

/** The database was last migrated by an earlier version, and this command must not change it. */
export const olderSchema = (found: number, known: number): UnusableStoreError =>
  new UnusableStoreError(
    `the database is of an earlier version of tokenkeep (its schema is ${found}, this version needs ${known}): run "tokenkeep migrate"`,
  )
