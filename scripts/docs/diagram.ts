// Draws the token machine's table into the documents that show it. `--check` fails where one has drifted.
import { transitionTable } from '@tokenkeep/core'
import { between } from './generated-section.ts'

/** Mermaid allows no hyphen in a state's id. */
const alias = (status: string): string => status.replaceAll('-', '_')

const arrows = Object.entries(transitionTable).flatMap(([from, moves]) => {
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

between('token-machine', ['README.md', 'docs/token-machine.md'], drawing, 'pnpm diagram')
