import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatFirstByte } from './report.ts'
import type { Result } from './ride.ts'

const page = fileURLToPath(new URL('../../../../../docs/server-rendering.md', import.meta.url))
const [begin, end] = ['<!-- rig: written by `pnpm rig --compare` -->', '<!-- rig end -->']

const versionOf = (library: string): string => {
  const path = new URL(`../../node_modules/${library}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

function row({ compared, firstByte, seen, gone, alarms, rotations, replays, front, cache }: Result): string {
  const { library, usedToken } = compared!
  const signedOut = `${seen.lost} of ${seen.lost + seen.expired + seen.served}`
  const cells = [library, versionOf(library), usedToken, `${gone} of 4`, alarms, signedOut]
  return `| ${[...cells, rotations, replays, front.dropped, cache.leaks, formatFirstByte(firstByte)].join(' | ')} |`
}

/** Writes the results into the documentation, as one table. */
export function writeTable(results: readonly Result[]): void {
  const [{ expiries }] = results as [Result]
  const text = readFileSync(page, 'utf8')
  const [before] = text.split(begin)
  const after = text.slice(text.indexOf(end))
  const table = [
    begin,
    '',
    `One run each of \`pnpm rig --compare\`, with the same seed and at least ${expiries} expiries:`,
    '',
    '| library | version | the server and a used refresh token | people signed out at the end | alarms | pages that say signed out | rotations | replays | cookies lost | cookies that a cache may keep | first byte of a page, and at an expiry |',
    '|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|',
    ...results.map(row),
    '',
  ]
  writeFileSync(page, `${before}${table.join('\n')}\n${after}`)
}
