import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { barChart } from './chart.ts'
import { docs, results } from './places.ts'
import { show, type Report, type Table } from './report.ts'

const intro = `# Performance

Written by \`pnpm bench\` from \`apps/bench/results/\`: no figure here is typed by hand. \`pnpm bench NAME\` measures one section again.
Every table comes of one run on one machine, its rows measured in turns; compare within a table, and read absolute
figures as those of the machine that is named. What each peer was given is said above its table, and is a few lines of code in
\`apps/bench/src/\`; whoever knows a fairer way is welcome to change them.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')

function markdownTable({ columns, rows }: Table): string {
  const line = (cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`
  const numeric = columns.map(({ key }) => rows.some((row) => typeof row[key] === 'number'))
  return [
    line(columns.map(({ title }) => title)),
    `|${numeric.map((right) => (right ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => line(columns.map((column) => show(row[column.key], column)))),
  ].join('\n')
}

function section(report: Report): string {
  const { name, title, method, machine, versions, date, tables } = report
  const parts = tables.map((table, index) => {
    const heading = tables.length > 1 ? `### ${table.title}\n\n` : ''
    if (!table.chart) return `${heading}${markdownTable(table)}`
    const file = `${name}${index > 0 ? `-${index + 1}` : ''}.svg`
    writeFileSync(join(docs, 'performance', file), barChart(table))
    return `${heading}![${table.title}](performance/${file})\n\n${markdownTable(table)}`
  })
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `## ${title}`,
    method,
    ...parts,
    `<sub>\`pnpm bench ${name}\` · ${date.slice(0, 10)} · ${machine} · ${versionList.join(' · ')}</sub>`,
  ].join('\n\n')
}

/** Writes docs/performance.md and its charts from what the benches have left. */
export function writeDocument(order: readonly string[]): void {
  const kept = new Set(readdirSync(results))
  const reports = order
    .filter((name) => kept.has(`${name}.json`))
    .map((name) => JSON.parse(readFileSync(join(results, `${name}.json`), 'utf8')) as Report)
  writeFileSync(join(docs, 'performance.md'), `${[intro, ...reports.map(section)].join('\n')}\n`)
}
