// `pnpm diagram`: draws the token machine's transition table into the documents. `--check` fails if one is out of date.
import { transitionTable } from '@tokenkeep/core'
import { writeSection } from './generated-section.ts'

/** Mermaid does not allow a hyphen in the id of a state. */
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

writeSection('token-machine', ['README.md', 'docs/token-machine.md'], drawing, 'pnpm diagram')
