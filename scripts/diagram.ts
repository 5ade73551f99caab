// Draws the token machine's table into the documents that show it. `--check` fails where one has drifted.
import { readFileSync, writeFileSync } from 'node:fs'
import { table } from '@tokenkeep/core'

const documents = ['README.md', 'docs/token-machine.md']

/** Mermaid allows no hyphen in a state's id. */
const alias = (status: string): string => status.replaceAll('-', '_')

const arrows = Object.entries(table).flatMap(([from, moves]) => {
  const targets = Map.groupBy(Object.entries(moves), ([, target]) => target)
  return [...targets].map(
    ([to, events]) => `  ${alias(from)} --> ${alias(to)}: ${events.map(([event]) => event).join(', ')}`,
  )
})
const drawing = [
  '```mermaid',
  'stateDiagram-v2',
  '  state "signed-out" as signed_out',
  '  [*] --> refreshing',
  ...arrows,
  '```',
].join('\n')

const between = /(<!-- token-machine -->\n)[\s\S]*?(\n<!-- \/token-machine -->)/
let drifted = false
for (const path of documents) {
  const before = readFileSync(path, 'utf8')
  if (!between.test(before)) throw new Error(`${path} has no token-machine markers`)
  const after = before.replace(between, (_, open: string, close: string) => open + drawing + close)
  if (after === before) continue
  drifted = true
  if (process.argv.includes('--check'))
    console.error(`${path}: the diagram has drifted from the table. Run: pnpm diagram`)
  else writeFileSync(path, after)
}
if (drifted && process.argv.includes('--check')) process.exit(1)
