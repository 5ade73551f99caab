/** The result of a bench: tables of measured values, and how they were measured. */
export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  /** By the keys of the columns. Text instead of a number is the reason why there is no number. */
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
  /** The column that distinguishes rows of the same name. */
  readonly apart?: string
  /** Logarithmic: for values of different orders of magnitude. */
  readonly logarithmic?: boolean
}

export interface Bench {
  readonly title: string
  /** How it is measured and how each peer is set up, in Markdown. */
  readonly method: string
  run(tell: Tell): Promise<Measured>
}

export interface Measured {
  readonly tables: readonly Table[]
  /** The versions of the tools of the measurement, besides Node. */
  readonly versions: Readonly<Record<string, string>>
}

/** Shows the progress on its line. */
export type Tell = (text: string) => void

/** The stored result of a bench: the documentation is written from it. */
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
  /** In seconds, from the command to the last figure, with the build. */
  readonly seconds: number
  readonly machine: string
}

/** Formats a value for a table. Digits are grouped in the same way on every machine. */
export const show = (
  value: string | number | undefined,
  { digits = 0 }: Pick<Column, 'digits'> = {},
): string =>
  typeof value === 'number'
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : (value ?? '')
