// Checks that every error code, option and export is documented, and that the documents name no other code, option or test.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { STATUS_BY_CODE } from '../../packages/server/src/errors.ts'

/** Reports each name that a document lacks, repeats, or has although it does not exist. */
function same(what: string, document: string, exist: readonly string[], written: readonly string[]): void {
  const complaints = [
    ...exist.filter((name) => !written.includes(name)).map((name) => `lacks ${what} ${name}`),
    ...written
      .filter((name) => !exist.includes(name))
      .map((name) => `has ${what} ${name}, which does not exist`),
    ...written.filter((name, at) => written.indexOf(name) !== at).map((name) => `has ${what} ${name} twice`),
  ]
  for (const complaint of complaints) console.error(`${document}: ${complaint}`)
  if (complaints.length > 0) process.exitCode = 1
}
const read = (path: string): string => readFileSync(path, 'utf8')
const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1]!)

/** Reads the strings of a union type or the fields of an interface from the source. */
const declared = (path: string, head: string, member: RegExp): string[] => {
  const text = read(path)
  const start = text.indexOf(head)
  if (start < 0) throw new Error(`${path} does not contain: ${head}`)
  return all(text.slice(start, text.indexOf('\n\n', start)), member)
}
const codesOf = (path: string, type: string): string[] =>
  declared(path, `export type ${type} =`, /^ {2}\| '([\w-]+)'$/gm)

const errors = read('docs/errors.md')
const headings = /^### `([\w-]+)`$/gm
same(
  'the code',
  'docs/errors.md',
  [
    ...new Set([
      ...codesOf('packages/core/src/errors.ts', 'TokenErrorCode'),
      ...Object.keys(STATUS_BY_CODE),
      ...codesOf('packages/backend/src/tokens/auth-error.ts', 'AuthErrorCode'),
      'unexpected_answer',
      ...codesOf('packages/elements/src/passkey-error-code.ts', 'PasskeyErrorCode'),
    ]),
  ],
  all(errors, headings),
)
for (const [name, status] of Object.entries(STATUS_BY_CODE))
  if (!errors.includes(`### \`${name}\`\n${status}. `)) {
    console.error(`docs/errors.md: the section of ${name} must begin with its status ${status}`)
    process.exitCode = 1
  }

const fields = /^ {2}readonly (\w+)\??:/gm
/** Returns the names in the first column of the table that follows a text. */
const rows = (document: string, after: string): string[] => {
  const [, tableAfter = ''] = read(document).split(after)
  const [rowsOfTable = ''] = tableAfter.split('\n\n')
  return all(rowsOfTable, /^\| ((?:`\w+` ?)+)/gm).flatMap((cell) => all(cell, /`(\w+)`/g))
}
const options = [
  ['core', 'manager/api.ts', 'TokenManagerOptions<Result>', '| option | default | |\n|---|---|---|\n'],
  ['backend', 'backend.ts', 'BackendOptions', '## Options\n\n| | |\n|---|---|\n'],
] as const
for (const [name, file, type, after] of options)
  same(
    'the option',
    `packages/${name}/README.md`,
    declared(`packages/${name}/src/${file}`, `export interface ${type} {`, fields),
    rows(`packages/${name}/README.md`, after),
  )

/** Returns the values that a package exports by name. */
const exported = (name: string): string[] =>
  all(read(`packages/${name}/src/index.ts`), /^export \{([^}]*)\}/gm).flatMap((list) =>
    all(list, /(?:^|as |[\s,])(\w+)(?=\s*(?:,|$))/g),
  )
for (const name of readdirSync('packages')) {
  const readme = read(`packages/${name}/README.md`)
  for (const each of exported(name))
    if (!new RegExp(`\\b${each}\\b`).test(readme)) {
      console.error(`packages/${name}/README.md: lacks ${each}`)
      process.exitCode = 1
    }
}

// A document cites a test as `file`: “title”. A part of the title is enough.
const citations = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .flatMap((name) =>
    [...read(`docs/${name}`).matchAll(/`([\w./-]+\.(?:test|spec)\.ts)`: “([^”]+)”/g)].map(
      ([, file, title]) => ({ name, file: file!, title: title! }),
    ),
  )
for (const { name, file, title } of citations)
  if (!existsSync(file) || !read(file).includes(title)) {
    console.error(`docs/${name}: ${file} has no test with the title “${title}”`)
    process.exitCode = 1
  }
