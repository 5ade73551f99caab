import { show, type Table } from './report.ts'

const bar = 16
const gap = 8
const left = 320
const width = 830
const right = 90

const escape = (text: string): string => text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)

/** Returns a bar chart as SVG. It has its own background, because the theme of the page may differ from the system's. Rows whose name contains Tokenkeep are marked. */
export function barChart({ title, columns, rows, chart }: Table): string {
  const { column: key, label, apart, logarithmic = false } = chart!
  const column = columns.find((each) => each.key === key)!
  const name = columns[0]!.key
  const bars = rows.flatMap((row) =>
    typeof row[key] === 'number'
      ? [{ name: `${row[name]}${apart ? `, ${row[apart]}` : ''}`, value: row[key] }]
      : [],
  )
  const most = Math.max(...bars.map(({ value }) => value))
  const least = Math.min(...bars.map(({ value }) => value))
  // A logarithmic scale starts at half of the smallest value, so that the bar of that value is visible too.
  const scale = (value: number): number =>
    logarithmic ? Math.log(value / (least / 2)) / Math.log(most / (least / 2)) : value / most
  const top = 34
  const height = top + bars.length * (bar + gap) + 6
  const lines = bars.map(({ name, value }, index) => {
    const y = top + index * (bar + gap)
    const length = Math.max(1, Math.round(scale(value) * (width - left - right)))
    const ours = name.includes('Tokenkeep') ? ' class="ours"' : ''
    return `  <g${ours}><text x="${left - 10}" y="${y + 12}" text-anchor="end">${escape(name)}</text><rect class="bar" x="${left}" y="${y}" width="${length}" height="${bar}" rx="3"/><text x="${left + length + 8}" y="${y + 12}">${show(value, column)}</text></g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escape(title)}">
  <style>
    text { font: 12px system-ui, sans-serif; fill: #57606a; font-variant-numeric: tabular-nums }
    .card { fill: #fff } .bar { fill: #afb8c1 } .ours .bar { fill: #0f7b6c } .ours text { font-weight: 600; fill: #1f2328 }
    @media (prefers-color-scheme: dark) {
      text { fill: #9198a1 } .card { fill: #0d1117 } .bar { fill: #4b535d }
      .ours .bar { fill: #2fb8a0 } .ours text { fill: #f0f6fc }
    }
  </style>
  <rect class="card" width="${width}" height="${height}" rx="8"/>
  <text x="${left}" y="18">${escape(label)}${logarithmic ? ', logarithmic' : ''}</text>
${lines.join('\n')}
</svg>
`
}
