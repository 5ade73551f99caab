// `pnpm passage-clients`: runs Passage's own clients, unmodified, and prints counts per client. `--write` also writes the table
// of calls into docs/passage.md.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../lib/browser.mjs'
import { root, run } from '../lib/tool.mjs'

const reports = mkdtempSync(join(tmpdir(), 'tokenkeep-passage-'))
const report = (name) => join(reports, `${name}.json`)

await run('turbo', [
  'run',
  'build',
  '--filter=@tokenkeep/server',
  '--filter=@tokenkeep/passage',
  '--output-logs=errors-only',
])
await run('vitest', [
  'run',
  '--project',
  'passage-clients',
  '--reporter=default',
  '--reporter=json',
  `--outputFile=${report('node')}`,
])
const cwd = join(root, 'apps', 'checks', 'e2e')
await run(
  join(cwd, 'node_modules', '.bin', 'playwright'),
  ['test', '--project=passage', '--reporter=list,json'],
  {
    cwd,
    env: { CHROMIUM_PATH: findChromium(), PLAYWRIGHT_JSON_OUTPUT_FILE: report('browser') },
  },
)

const read = (name) => JSON.parse(readFileSync(report(name), 'utf8'))
/** Every test: the group that names the client and its version, the call, and whether it passed. */
const inNode = read('node').testResults.flatMap(({ assertionResults }) =>
  assertionResults.map(({ ancestorTitles, title, status }) => ({
    client: ancestorTitles[0],
    call: title,
    where: 'Node',
    works: status === 'passed',
  })),
)
const inSuite = ({ suites = [], specs = [] }, client) => [
  ...specs.map((spec) => ({
    client: client ?? 'the whole story',
    call: spec.title,
    where: 'Chromium',
    works: spec.ok,
  })),
  ...suites.flatMap((suite) => inSuite(suite, suite.file === suite.title ? client : suite.title)),
]
const inBrowser = read('browser').suites.flatMap((suite) => inSuite(suite))
rmSync(reports, { recursive: true, force: true })

const clients = Map.groupBy([...inNode, ...inBrowser], ({ client }) => client)
for (const [client, tests] of clients)
  console.log(`${client}: ${tests.filter(({ works }) => works).length} of ${tests.length}`)
if ([...inNode, ...inBrowser].some(({ works }) => !works)) process.exitCode = 1

if (process.argv.includes('--write')) {
  const rows = [...clients].flatMap(([client, tests]) =>
    tests.map(({ call, where, works }) => {
      // A title ends with its case, its entry, or the public report that it tries.
      const words = call
        .replace(/ \((case|passage-elements|[\w-]+\/[\w-]+ #)[^)]*\)$/, '')
        .replaceAll('|', '\\|')
      return `| ${client} | ${words.replaceAll(/<([\w-]+)>/g, '`<$1>`')} | ${where} | ${works ? 'yes' : 'no'} |`
    }),
  )
  const page = join(root, 'docs', 'passage.md')
  const table = ['| client | call: what it gives | where | works |', '|---|---|---|---|', ...rows].join('\n')
  const [before, , after] = readFileSync(page, 'utf8').split(/<!-- (?:table|end of the table) -->\n/)
  writeFileSync(page, `${before}<!-- table -->\n${table}\n<!-- end of the table -->\n${after}`)
}
