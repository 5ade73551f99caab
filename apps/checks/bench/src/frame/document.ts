import { barChart } from './chart.ts'
import { show, type Report, type Table, type WholeRun } from './report.ts'

const intro = `# Performance

\`pnpm bench\` writes this page from \`apps/checks/bench/results/\`: no figure is typed by hand. \`pnpm bench NAME\` measures one section again.
Each table is from one run on one machine, and its rows were measured in turns. So compare the rows of one table. Absolute figures are
valid for the named machine only. The text above a table says how each package is set up. The set-up is a few lines of code in
\`apps/checks/bench/src/\`. If you know a fairer set-up, please change it.
`

const cell = (text: string): string => text.replaceAll('|', '\\|')

export function markdownTable({ columns, rows }: Table): string {
  const line = (cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`
  const numeric = columns.map(({ key }) => rows.some((row) => typeof row[key] === 'number'))
  return [
    line(columns.map(({ title }) => title)),
    `|${numeric.map((right) => (right ? '--:' : '---')).join('|')}|`,
    ...rows.map((row) => line(columns.map((column) => show(row[column.key], column)))),
  ].join('\n')
}

const chartOf = ({ name }: Report, index: number): string =>
  `performance/${name}${index > 0 ? `-${index + 1}` : ''}.svg`

function section(report: Report): string {
  const { name, title, method, machine, versions, date, tables } = report
  const parts = tables.map((table, index) => {
    const heading = tables.length > 1 ? [`### ${table.title}`] : []
    const chart = table.chart ? [`![${table.title}](${chartOf(report, index)})`] : []
    return [...heading, ...chart, markdownTable(table)].join('\n\n')
  })
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return [
    `## ${title}`,
    method,
    ...parts,
    `<sub>\`pnpm bench ${name}\` · ${date.slice(0, 10)} · ${machine} · ${versionList.join(' · ')}</sub>\n`,
  ].join('\n\n')
}

const describeRun = ({ seconds, date, machine }: WholeRun): string =>
  `The whole run of \`pnpm bench\` took ${Math.floor(seconds / 60)} min ${seconds % 60} s on ${date.slice(0, 10)}: ${machine}.\n`

/** Returns the page and its charts, by their paths in the documentation's folder. */
export function documentOf(reports: readonly Report[], wholeRun?: WholeRun): Map<string, string> {
  const page = [intro, ...(wholeRun ? [describeRun(wholeRun)] : []), ...reports.map(section)].join('\n')
  const charts = reports.flatMap((report) =>
    report.tables.flatMap((table, index) =>
      table.chart ? [[chartOf(report, index), barChart(table)] as const] : [],
    ),
  )
  return new Map([['performance.md', page], ...charts])
}
