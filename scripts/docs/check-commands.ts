// Checks that each command in the documents exists, and that it has the options shown.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createProgram } from '../../packages/server/src/cli/program.ts'
import { commandsOf } from './commands.ts'

interface Manifest {
  readonly name: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}
const manifest = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest
const { scripts = {}, devDependencies = {} } = manifest('package.json')
const members = globSync('{packages,apps,apps/samples,apps/checks}/*/package.json').map(manifest)
const tokenkeep = commandsOf(createProgram())

const exclude = ['**/node_modules']
/** These scripts select files by a part of the path. */
const parts: Readonly<Record<string, readonly string[]>> = {
  unit: globSync('{packages,apps}/**/*.test.{ts,tsx}', { exclude }),
  e2e: globSync('apps/checks/e2e/**/*.spec.ts', { exclude }),
  bench: globSync('apps/checks/bench/src/*/*.ts'),
}

const faultOfPnpm = ([name = '', ...args]: string[]): string | undefined => {
  // `npm create` runs another project's generator.
  if (['install', 'create'].includes(name) || name.startsWith('${{')) return undefined
  if (name === '--filter') {
    const member = members.find((each) => each.name === args[0])
    return member?.scripts?.[args[1]!] ? undefined : 'that package has no such script'
  }
  if (!(name in scripts) && !(name in devDependencies)) return 'no such script'
  const end = args.findIndex((arg) => !/^[a-z]/.test(arg))
  const asked = end < 0 ? args : args.slice(0, end)
  const missing = asked.find((each) => parts[name]?.every((path) => !path.includes(each)))
  return missing && `no file has ${missing} in its path`
}

const faultOfTokenkeep = (command: string): string | undefined => {
  const known = tokenkeep.find(([name]) => `${command} `.startsWith(`${name} `))?.[1]
  if (!known) return 'no such command'
  const given = [...command.matchAll(/--[\w-]+/g)].map(String)
  const strange = given.find((flag) => known.options.every(({ long }) => long !== flag))
  if (strange) return `no option ${strange}`
  const needed = known.options.find(({ mandatory, long }) => mandatory && !given.includes(long!))
  // A sentence may mention a command without its options.
  return needed && given.length > 0 ? `lacks ${needed.long}` : undefined
}

/** Returns what is wrong with a command, or undefined if it is right. */
function fault(command: string): string | undefined {
  const [program, ...words] = command.split(/\s+/)
  if (program === 'tokenkeep') return faultOfTokenkeep(command)
  if (program !== 'node') return faultOfPnpm(words)
  const script = words.find((word) => word.startsWith('scripts/'))
  return script && !existsSync(script) ? 'no such file' : undefined
}

const shown = /(?:^|`|&& |run: )(?:npx )?((?:tokenkeep|pnpm|npm|node) [^`#\n&]*)/gm
for (const document of globSync([
  '*.md',
  'docs/**/*.md',
  '{packages,apps}/*/README.md',
  '.github/**/*.yml',
])) {
  const text = readFileSync(document, 'utf8').replaceAll('\\\n', ' ')
  for (const [, command = ''] of text.matchAll(shown)) {
    const what = fault(command.trim())
    if (!what) continue
    console.error(`${document}: ${command.trim()}: ${what}`)
    process.exitCode = 1
  }
}
