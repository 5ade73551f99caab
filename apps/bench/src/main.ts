// `pnpm bench [NAME…]`: measures, prints, and writes results/NAME.json and docs/performance.md.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { benches, type BenchName } from './benches.ts'
import { writeDocument } from './frame/document.ts'
import { machine } from './frame/machine.ts'
import { results } from './frame/places.ts'
import { progress } from './frame/progress.ts'
import type { Report } from './frame/report.ts'
import { textTable } from './frame/text-table.ts'

const names = Object.keys(benches) as BenchName[]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name as BenchName))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: there are ${names.join(', ')}`)
  process.exit(2)
}

for (const name of asked.length > 0 ? (asked as BenchName[]) : names) {
  const { bench } = await benches[name]()
  const line = progress(name)
  const since = performance.now()
  const { tables, versions } = await bench.run(line.tell).finally(line.end)
  const report: Report = {
    name,
    title: bench.title,
    method: bench.method,
    date: new Date().toISOString(),
    seconds: Math.round((performance.now() - since) / 1000),
    machine,
    versions: { Node: process.versions.node, ...versions },
    tables,
  }
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(report, null, 2)}\n`)
  for (const table of tables) console.log(textTable(table))
}
writeDocument(names)
