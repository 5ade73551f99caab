import { show, type Table } from './report.ts'

/** Returns a table for the terminal, with text to the left and numbers to the right. */
export function textTable({ title, columns, rows }: Table): string {
  const numeric = columns.map(({ key }) => rows.some((row) => typeof row[key] === 'number'))
  const lines = [
    columns.map(({ title }) => title),
    ...rows.map((row) => columns.map((column) => show(row[column.key], column))),
  ]
  const widths = columns.map((_, index) => Math.max(...lines.map((cells) => cells[index]!.length)))
  const draw = (cells: string[]): string =>
    cells
      .map((cell, index) => (numeric[index] ? cell.padStart(widths[index]!) : cell.padEnd(widths[index]!)))
      .join('  ')
      .trimEnd()
  const [head, ...body] = lines.map(draw)
  return [`\n${title}`, head, '─'.repeat(head!.length), ...body].join('\n')
}
