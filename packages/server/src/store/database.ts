/** The value of a column. Times are milliseconds since the epoch, ids are 16 bytes, flags are 0 or 1. */
export type Value = string | number | Uint8Array | null

/** A SQL statement, or a part of one, with its values. */
export class Statement {
  readonly strings: readonly string[]
  readonly values: readonly (Value | Statement)[]
  constructor(strings: readonly string[], values: readonly (Value | Statement)[]) {
    this.strings = strings
    this.values = values
  }
}

/** Writes a statement that both databases understand. A statement used as a value is inserted into the text. */
export const sql = (strings: TemplateStringsArray, ...values: (Value | Statement)[]): Statement =>
  new Statement(strings, values)

/** A text contains U+0000. PostgreSQL cannot store it, so this server refuses it with SQLite too. */
export class UnstorableTextError extends Error {
  override readonly name = 'UnstorableTextError'
}

/** Returns the text of a statement. `placeholder(n)` writes the n-th parameter, counted from 1. */
function toText(statement: Statement, placeholder: (n: number) => string): string {
  let n = 0
  const part = ({ strings, values }: Statement): string =>
    strings.reduce((text, string, i) => {
      const value = values[i - 1]!
      return text + (value instanceof Statement ? part(value) : placeholder(++n)) + string
    })
  return part(statement)
}

/** A node in the tree of all statements so far. The path to it is a template and its values: nested templates, or undefined. */
interface Shape<T> {
  prepared?: T
  readonly next: Map<readonly string[] | undefined, Shape<T>>
}

/**
 * Returns a function that splits a statement into its prepared form and its values, in order. JavaScript passes the same
 * array each time a template is used, so the text of a shape is written and prepared once and then found by that array.
 */
export function createPreparer<T>(
  placeholder: (n: number) => string,
  prepare: (text: string) => T,
): (statement: Statement) => { prepared: T; values: Value[] } {
  const start: Shape<T> = { next: new Map() }
  return (statement) => {
    const bound: Value[] = []
    let shape = start
    const step = (template: readonly string[] | undefined): void => {
      let next = shape.next.get(template)
      if (!next) shape.next.set(template, (next = { next: new Map() }))
      shape = next
    }
    const bind = ({ strings, values }: Statement): void => {
      step(strings)
      for (const value of values) {
        if (value instanceof Statement) {
          bind(value)
          continue
        }
        if (typeof value === 'string' && value.includes('\0'))
          throw new UnstorableTextError('a text contains U+0000: remove it')
        step(undefined)
        bound.push(value)
      }
    }
    bind(statement)
    return { prepared: (shape.prepared ??= prepare(toText(statement, placeholder))), values: bound }
  }
}

/** What the store needs from a database. SQLite and PostgreSQL each implement it. */
export interface Database {
  readonly dialect: Dialect
  /** Runs one statement. Its change is on disk before the promise resolves. */
  query<T>(statement: Statement): Promise<T[]>
  /**
   * Runs one statement and does not wait for the disk: a crash of the machine may lose its change. Use it only for changes
   * that repair themselves. The rows that it returns must not contain bytes.
   */
  queryUnsynced<T>(statement: Statement): Promise<T[]>
  /**
   * Runs one statement that nobody waits for. It delays refreshes as little as possible, and a crash of the machine may lose its
   * change: housekeeping does its work again.
   */
  queryInBackground<T>(statement: Statement): Promise<T[]>
  /**
   * Runs all statements in one transaction and returns the rows of the first. If the first returns no row, nothing changes. If
   * a unique index refuses a row, because another transaction was faster, nothing changes either, and it returns no rows.
   */
  transaction<T>(first: Statement, ...then: Statement[]): Promise<T[]>
  close(): Promise<void>
}

/** The parts of SQL in which the two databases differ. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** How long a statement of housekeeping should take, in milliseconds. One of SQLite blocks this process. */
  readonly stepTime: number
  /** The column types of bytes and of a whole number of 64 bits. */
  readonly bytes: string
  readonly integer: string
  /** The definition of a column with a growing number that the database gives to each row. */
  readonly serial: string
  /** The end of a table's definition. `hotTable` is for a table whose rows are updated often. */
  readonly table: string
  readonly hotTable: string
  /**
   * The end of a subquery whose rows a condition rests on. Another transaction that would change them waits until this one
   * ends, and then sees its change. SQLite runs one transaction at a time.
   */
  readonly lock: Statement
  /**
   * The order of the revocation feed. A row that commits later has a position at or after the horizon. `position` is the
   * position of a row. `default` is the default value of the column with that name.
   */
  readonly feed: { readonly default: string; readonly position: Statement; readonly horizon: Statement }
}

/** The database cannot answer now. The client tries again. This error never signs anyone out. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
