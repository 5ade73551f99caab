import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Result } from './ride.ts'

const page = fileURLToPath(new URL('../../../../../docs/server-rendering.md', import.meta.url))
const [begin, end] = ['<!-- rig: written by `pnpm rig --compare` -->', '<!-- rig end -->']

/** The folder of each library, by the name of the subject. */
const folders: Readonly<Record<string, string>> = {
  Next: '@tokenkeep/ssr',
  'next-auth': 'next-auth',
  'nextjs-auth0': '@auth0/nextjs-auth0',
}
const versionOf = (folder: string): string => {
  const path = new URL(`../../node_modules/${folder}/package.json`, import.meta.url)
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
}

/** What the server does with a refresh token that was used before. */
function serverOf(name: string): string {
  if (name === 'Next') return 'accepts a retry that names itself'
  return name.endsWith(', strict server') ? 'refuses it' : 'accepts it for 10 seconds'
}

const row = ({ name, seen, gone, alarms, rotations, replays, front, cache }: Result): string => {
  const folder = folders[name.split(', ')[0]!]!
  const signedOut = `${seen.lost} of ${seen.lost + seen.expired + seen.served}`
  const cells = [folder, versionOf(folder), serverOf(name), `${gone} of 4`, alarms, signedOut]
  return `| ${[...cells, rotations, replays, front.dropped, cache.leaks].join(' | ')} |`
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
    '| library | version | the server and a used refresh token | people signed out at the end | alarms | pages that say signed out | rotations | replays | cookies lost | cookies that a cache may keep |',
    '|---|---|---|--:|--:|--:|--:|--:|--:|--:|',
    ...results.map(row),
    '',
  ]
  writeFileSync(page, `${before}${table.join('\n')}\n${after}`)
}
