/** What a column holds. Times are milliseconds since the epoch, ids 16 bytes, flags 0 or 1. */
export type Value = string | number | Uint8Array | null

/** One statement, or a part of one, with its values in place. */
export class Statement {
  readonly strings: readonly string[]
  readonly values: readonly (Value | Statement)[]
  constructor(strings: readonly string[], values: readonly (Value | Statement)[]) {
    this.strings = strings
    this.values = values
  }
}

/** Writes a statement that both databases understand. A statement as a value becomes a part of the text. */
export const sql = (strings: TemplateStringsArray, ...values: (Value | Statement)[]): Statement =>
  new Statement(strings, values)

/** A text with U+0000: PostgreSQL holds none, so neither store does. */
export class NotStorable extends Error {
  override readonly name = 'NotStorable'
}

/** The text of a statement, each value as the database writes its n-th parameter, from 1, and the values in order. */
export function compile(
  statement: Statement,
  place: (n: number) => string,
): { text: string; values: Value[] } {
  const bound: Value[] = []
  const write = ({ strings, values }: Statement): string =>
    strings.reduce((text, part, i) => {
      const value = values[i - 1]!
      if (typeof value === 'string' && value.includes('\0')) throw new NotStorable('a text holds U+0000')
      return text + (value instanceof Statement ? write(value) : place(bound.push(value))) + part
    })
  return { text: write(statement), values: bound }
}

/** What a store needs of its database, and all that SQLite and PostgreSQL do each in their own way. */
export interface Database {
  readonly dialect: Dialect
  /** One statement by itself. On disk, where it changes something, before this resolves. */
  rows<T>(statement: Statement): Promise<T[]>
  /** One statement whose change may be lost with the machine: for what heals itself. */
  fast<T>(statement: Statement): Promise<T[]>
  /** All in one transaction, in order: the rows of the first. Where it gives none, nothing is done. */
  together<T>(first: Statement, ...then: Statement[]): Promise<T[]>
  close(): Promise<void>
}

/** The few words in which the two databases differ. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** In tables: bytes, and a whole number of 64 bits. */
  readonly bytes: string
  readonly integer: string
  /** A number the database gives each row, growing. */
  readonly serial: string
  /** What ends a table's definition; `hot` is one whose rows are updated often. */
  readonly table: string
  readonly hotTable: string
  /**
   * The revocation feed's order. What commits later has a position at or after the horizon; a position is a default of
   * its column, or the number the database gave the row.
   */
  readonly feed: { readonly default: string; readonly position: Statement; readonly horizon: Statement }
}

/** The database can't answer now: the client should try again, and nobody is signed out for it. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
}
