// `pnpm bench [NAME…]`: measures and prints. Writes results/, and from it docs/performance.md and the README's table.
import { benches, type BenchName } from './benches.ts'
import { failed } from './frame/failed.ts'
import { machine } from './frame/machine.ts'
import { progress } from './frame/progress.ts'
import { publish } from './frame/publish.ts'
import { keepReport, keepWholeRun } from './frame/results.ts'
import { textTable } from './frame/text-table.ts'

/** When the command began, before its build. In milliseconds since the epoch. */
const began = Number(process.env['BENCH_BEGAN'] ?? Date.now())
const secondsSince = (time: number): number => Math.round((Date.now() - time) / 1000)

const names = Object.keys(benches) as BenchName[]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name as BenchName))
if (unknown.length > 0) {
  console.error(`no bench ${unknown.join(', ')}: there are ${names.join(', ')}`)
  process.exit(2)
}

/** False if nothing could be measured. */
async function measure(name: BenchName): Promise<boolean> {
  const line = progress(name)
  const since = Date.now()
  try {
    const { bench } = await benches[name]()
    const { tables, versions } = await bench.run(line.tell).finally(line.end)
    keepReport({
      name,
      title: bench.title,
      method: bench.method,
      date: new Date().toISOString(),
      seconds: secondsSince(since),
      machine,
      versions: { Node: process.versions.node, ...versions },
      tables,
    })
    for (const table of tables) console.log(textTable(table))
    return true
  } catch (error) {
    console.error(`${name} ${failed(error)}`, error)
    return false
  }
}

// Handlers of `exit` end the started processes. A signal alone would not call them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1))

const crashed: string[] = []
for (const name of asked.length > 0 ? (asked as BenchName[]) : names)
  if (!(await measure(name))) crashed.push(name)
const seconds = secondsSince(began)
if (asked.length === 0 && crashed.length === 0)
  keepWholeRun({ date: new Date().toISOString(), seconds, machine })
publish()
console.log(
  `\n${Math.floor(seconds / 60)} min ${seconds % 60} s${crashed.length > 0 ? `; failed: ${crashed.join(', ')}` : ''}`,
)
process.exitCode = crashed.length > 0 ? 1 : 0
