// `pnpm bench [NAME…]` measures, prints and stores the results. From them it writes docs/performance.md and the README's table.
import { benches, type BenchName } from './benches.ts'
import { failed } from './frame/failed.ts'
import { machine } from './frame/machine.ts'
import { progress } from './frame/progress.ts'
import { publish } from './frame/publish.ts'
import { keepReport, keepWholeRun } from './frame/results.ts'
import { textTable } from './frame/text-table.ts'

/** When the command began, before the build. Milliseconds since the Unix epoch. */
const began = Number(process.env['BENCH_BEGAN'] ?? Date.now())
const secondsSince = (time: number): number => Math.round((Date.now() - time) / 1000)

const names = Object.keys(benches) as BenchName[]
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !names.includes(name as BenchName))
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. Choose from: ${names.join(', ')}.`)
  process.exit(2)
}

/** Returns false if the bench could not run. */
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

// Handlers of `exit` kill the child processes. A signal alone would not call these handlers.
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
