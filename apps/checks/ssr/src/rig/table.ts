import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Result } from './ride.ts'

const page = fileURLToPath(new URL('../../../../../docs/server-rendering.md', import.meta.url))
const [begin, end] = ['<!-- rig: written by `pnpm rig --compare` -->', '<!-- rig end -->']

const require = createRequire(import.meta.url)
const packages: Readonly<Record<string, readonly [title: string, name: string]>> = {
  Next: ['Tokenkeep', '@tokenkeep/ssr'],
  'next-auth': ['next-auth', 'next-auth'],
  'nextjs-auth0': ['nextjs-auth0', '@auth0/nextjs-auth0'],
}

const row = ({ name, seen, gone, alarms, rotations, replays, front, cache }: Result): string => {
  const [title, from] = packages[name]!
  const { version } = require(`${from}/package.json`) as { version: string }
  const signedOut = `${seen.lost} of ${seen.lost + seen.expired + seen.served}`
  const cells = [
    title,
    version,
    `${gone} of 4`,
    alarms,
    signedOut,
    rotations,
    replays,
    front.dropped,
    cache.leaks,
  ]
  return `| ${cells.join(' | ')} |`
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
    '| library | version | people signed out at the end | alarms | pages that say signed out | rotations | replays | cookies lost | cookies that a cache may keep |',
    '|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map(row),
    '',
  ]
  writeFileSync(page, `${before}${table.join('\n')}\n${after}`)
}
