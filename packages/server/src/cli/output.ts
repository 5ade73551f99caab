import { printable, printableJson } from '../printable.ts'

type Cell = string | boolean | null
type Row = Readonly<Record<string, Cell>>

const isTerminal = (): boolean => process.stdout.isTTY === true
const printLine = (text: string): void => void process.stdout.write(`${text}\n`)

const show = (cell: Cell): string => {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return printable(cell ?? '')
}

/** Times in the output: ISO 8601, or null for never. */
export const formatTime = (ms: number | null): string | null =>
  ms === null ? null : new Date(ms).toISOString()

/** Prints rows that have the same fields: a table on a terminal, a JSON array otherwise. */
export function printRows(rows: readonly Row[]): void {
  if (!isTerminal()) return printLine(printableJson(rows))
  if (!rows[0]) return printLine('none')
  const head = Object.keys(rows[0]).map((field) => field.replaceAll('_', ' '))
  const all = [head, ...rows.map((row) => Object.values(row).map(show))]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  for (const row of all)
    printLine(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
}

/** Prints one record: a line for each field on a terminal, a JSON object otherwise. */
export function printRecord(record: Row): void {
  if (!isTerminal()) return printLine(printableJson(record))
  for (const [field, cell] of Object.entries(record))
    if (cell !== null) printLine(`${field.replaceAll('_', ' ')}: ${show(cell)}`)
}

/** Prints a result that is one value, such as a new key. It is the same everywhere, so that scripts can write `$(…)`. */
export const printValue = (value: string): void => printLine(printable(value))
