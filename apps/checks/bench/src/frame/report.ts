/** A table of measured values. */
export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  /** Values by the keys of the columns. If a value could not be measured, the text says why. */
  readonly rows: readonly Row[]
  readonly chart?: Chart
}

export interface Column {
  readonly key: string
  readonly title: string
  /** How many decimals a number has. Default 0. */
  readonly digits?: number
}

export type Row = Readonly<Record<string, string | number>>

/** A chart with one bar for each row that has a number in the column. */
export interface Chart {
  readonly column: string
  readonly label: string
  /** The column that distinguishes rows of the same name. */
  readonly apart?: string
  /** Set it if the values differ by orders of magnitude. */
  readonly logarithmic?: boolean
}

export interface Bench {
  readonly title: string
  /** How it is measured, and how each peer is set up. Markdown. */
  readonly method: string
  run(tell: Tell): Promise<Measured>
}

export interface Measured {
  readonly tables: readonly Table[]
  /** Versions of the tools that measured, besides Node. */
  readonly versions: Readonly<Record<string, string>>
}

/** Shows what is being measured, on the progress line. */
export type Tell = (text: string) => void

/** The stored result of a bench. The documentation is written from it. */
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
  /** The time from the command to the last figure, with the build. */
  readonly seconds: number
  readonly machine: string
}

/** Returns a value as tables show it: digits are grouped in the same way on every machine. */
export const show = (
  value: string | number | undefined,
  { digits = 0 }: Pick<Column, 'digits'> = {},
): string =>
  typeof value === 'number'
    ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
    : (value ?? '')
