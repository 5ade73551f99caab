// Publishes the stored results. As a command, it publishes them again without measuring.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultMatrix, withMatrix } from '../faults/matrix.ts'
import { documentOf } from './document.ts'
import { docs, readme } from './places.ts'
import { keptReports, keptWholeRun } from './results.ts'

/** Returns the text of each file that shows a figure, by its path. */
export function publications(): Map<string, string> {
  const reports = keptReports()
  const files = [...documentOf(reports, keptWholeRun())].map(
    ([path, text]) => [join(docs, path), text] as const,
  )
  const faults = reports.find(({ name }) => name === 'faults')
  const matrix = faults && ([readme, withMatrix(readFileSync(readme, 'utf8'), faultMatrix(faults))] as const)
  return new Map([...files, ...(matrix ? [matrix] : [])])
}

export function publish(): void {
  for (const [path, text] of publications()) writeFileSync(path, text)
}

if (import.meta.main) publish()
