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

/** A statement's text, each value as the database writes its n-th parameter, from 1. */
function write(statement: Statement, place: (n: number) => string): string {
  let n = 0
  const part = ({ strings, values }: Statement): string =>
    strings.reduce((text, string, i) => {
      const value = values[i - 1]!
      return text + (value instanceof Statement ? part(value) : place(++n)) + string
    })
  return part(statement)
}

/** A place in the tree of all statements so far: which template came, and which of its values are templates. */
interface Shape<T> {
  prepared?: T
  readonly next: Map<readonly string[] | undefined, Shape<T>>
}

/**
 * Takes statements apart: what `prepare` made of the text, and the values in order. A template is the same array each
 * time it is used, so a statement's text is written when its shape is first seen, and never again.
 */
export function preparer<T>(
  place: (n: number) => string,
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
        if (typeof value === 'string' && value.includes('\0')) throw new NotStorable('a text holds U+0000')
        step(undefined)
        bound.push(value)
      }
    }
    bind(statement)
    return { prepared: (shape.prepared ??= prepare(write(statement, place))), values: bound }
  }
}

/** What a store needs of its database, and all that SQLite and PostgreSQL do each in their own way. */
export interface Database {
  readonly dialect: Dialect
  /** One statement by itself. On disk, where it changes something, before this resolves. */
  rows<T>(statement: Statement): Promise<T[]>
  /** One statement whose change may be lost with the machine: for what heals itself. Its rows hold no bytes. */
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
