/** What a bench hands over: tables of measured values, and how they came about. */
export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  /** By the keys of the columns. A value that could not be measured is the reason, as text. */
  readonly rows: readonly Row[]
  readonly chart?: Chart
}

export interface Column {
  readonly key: string
  readonly title: string
  /** Decimals of a number. Default 0. */
  readonly digits?: number
}

export type Row = Readonly<Record<string, string | number>>

/** One bar per row that has a number in the column. */
export interface Chart {
  readonly column: string
  readonly label: string
  /** The column that tells rows of one name apart. */
  readonly apart?: string
  /** For values that lie orders of magnitude apart. */
  readonly logarithmic?: boolean
}

export interface Bench {
  readonly title: string
  /** How it is measured, and what each peer is given: Markdown. */
  readonly method: string
  run(tell: Tell): Promise<Measured>
}

export interface Measured {
  readonly tables: readonly Table[]
  /** Of what was measured with, beside Node. */
  readonly versions: Readonly<Record<string, string>>
}

/** Says what is going on, on the one progress line. */
export type Tell = (text: string) => void

/** A bench's outcome as it is kept: everything that the documentation is written from. */
export interface Report {
  readonly name: string
  readonly title: string
  readonly method: string
  /** ISO 8601. */
  readonly date: string
  readonly seconds: number
  readonly machine: string
  readonly versions: Readonly<Record<string, string>>
  readonly tables: readonly Table[]
}

/** A run of all benches: `pnpm bench`. */
export interface WholeRun {
  /** ISO 8601. */
  readonly date: string
  /** From the command to the last figure, what it builds included. */
  readonly seconds: number
  readonly machine: string
}

/** As tables show a value: numbers grouped, in the same way everywhere. */
export const show = (
  value: string | number | undefined,
  { digits = 0 }: Pick<Column, 'digits'> = {},
): string =>
  typeof value === 'number'
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : (value ?? '')
