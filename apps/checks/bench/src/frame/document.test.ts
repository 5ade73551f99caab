import { expect, it } from 'vitest'
import { documentOf } from './document.ts'
import type { Report, Table } from './report.ts'
import { textTable } from './text-table.ts'

const table: Table = {
  title: 'Speed',
  columns: [
    { key: 'name', title: 'package' },
    { key: 'ns', title: 'ns per call' },
    { key: 'ratio', title: '× floor', digits: 1 },
  ],
  rows: [
    { name: 'Tokenkeep', ns: 1234, ratio: 1.04 },
    { name: 'a | b', ns: 'failed: no <answer>' },
  ],
  chart: { column: 'ns', label: 'ns' },
}
const report: Report = {
  name: 'speed',
  title: 'How fast',
  method: 'As it says.',
  date: '2026-11-24T12:00:00.000Z',
  seconds: 3,
  machine: '2 × CPU, 8 GB',
  versions: { Node: '24.0.0', SQLite: '3.0.0' },
  tables: [table],
}

it('names the machine, the versions and the date below each table, and groups digits', () => {
  expect(documentOf([report]).get('performance.md')).toContain(`## How fast

As it says.

![Speed](performance/speed.svg)

| package | ns per call | × floor |
|---|--:|--:|
| Tokenkeep | 1,234 | 1.0 |
| a \\| b | failed: no <answer> |  |

<sub>\`pnpm bench speed\` · 2026-11-24 · 2 × CPU, 8 GB · Node 24.0.0 · SQLite 3.0.0</sub>
`)
})

it('says how long the whole run took, if all benches have run', () => {
  const run = { date: report.date, seconds: 754, machine: report.machine }
  expect(documentOf([report]).get('performance.md')).not.toContain('The whole run')
  expect(documentOf([report], run).get('performance.md')).toContain(
    'The whole run of `pnpm bench` took 12 min 34 s on 2026-11-24: 2 × CPU, 8 GB.',
  )
})

it('draws a bar for each row that has a number, and marks those of Tokenkeep', () => {
  const files = documentOf([{ ...report, tables: [table, { ...table, title: 'Again' }] }])
  expect([...files.keys()]).toEqual(['performance.md', 'performance/speed.svg', 'performance/speed-2.svg'])
  const chart = files.get('performance/speed.svg')!
  expect(chart.match(/class="bar"/g)).toHaveLength(1)
  expect(chart).toContain('<g class="ours">')
})

it('distinguishes rows of the same name in a chart', () => {
  const rows = [
    { name: 'a', ns: 1, ratio: 2 },
    { name: 'a', ns: 2, ratio: 3 },
  ]
  const chart = { column: 'ns', label: 'ns', apart: 'ratio' }
  const svg = documentOf([{ ...report, tables: [{ ...table, rows, chart }] }]).get('performance/speed.svg')!
  expect(svg).toContain('>a, 2</text>')
  expect(svg).toContain('>a, 3</text>')
})

it('writes a table for the terminal, with text to the left and numbers to the right', () => {
  expect(textTable(table)).toBe(
    [
      '',
      'Speed',
      'package            ns per call  × floor',
      '───────────────────────────────────────',
      'Tokenkeep                1,234      1.0',
      'a | b      failed: no <answer>',
    ].join('\n'),
  )
})
