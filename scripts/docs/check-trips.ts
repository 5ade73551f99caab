// Compares the trips of docs/architecture.md with the code. A trip is a numbered list of the functions that run one after
// the other. Each step names a file and a function: the file must define the function, and the file of the step before
// must name it. A step in bold is a crossing, such as a request or a transaction: it ends one chain of calls, and the
// next step begins another.
import { existsSync, readFileSync } from 'node:fs'

interface Step {
  readonly file: string
  readonly name: string
}

const root = new URL('../../', import.meta.url)
const read = (file: string): string => readFileSync(new URL(file, root), 'utf8')

/** Whether a source defines a function, a method, a property or a class of that name. */
const defines = (source: string, name: string): boolean =>
  new RegExp(
    `(function\\*? |const |class |^\\s*(async |readonly |static |get )*)${name}\\b\\s*(=|\\(|<|:|\\{)|^\\s*${name},$`,
    'm',
  ).test(source)
const names = (source: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(source)

const faults: string[] = []
let before: Step | undefined
let steps = 0
for (const line of read('docs/architecture.md').split('\n')) {
  const [, file, name] = /^\d+\. `([^`]+)` `([^`(]+)/.exec(line) ?? []
  if (!file || !name) {
    // A heading or a crossing begins another chain.
    if (/^#|^\d+\. \*\*/.test(line)) before = undefined
    continue
  }
  steps += 1
  const step = { file, name: name.split('.').at(-1)! }
  if (!existsSync(new URL(file, root))) faults.push(`${file} does not exist.`)
  else if (!defines(read(file), step.name)) faults.push(`${file} defines no ${step.name}.`)
  else if (before && before.file !== file && !names(read(before.file), step.name))
    faults.push(`${before.file} does not name ${step.name}, the next step of its trip.`)
  before = step
}
if (steps < 30) faults.push(`docs/architecture.md has only ${steps} steps.`)
for (const fault of faults) console.error(fault)
console.log(`compared ${steps} steps of the trips with the code: ${faults.length} faults`)
process.exitCode = faults.length > 0 ? 1 : 0
