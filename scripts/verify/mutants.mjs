// `pnpm mutants [text]`: breaks the laws (rules) of the token manager and of server-rendered sessions whose names contain the
// text, one at a time. Each time it expects a test of the package to fail. For the manager, a failed random walk over the
// whole stack is enough too.
import { mutants as ofCore } from '../../packages/core/test/mutants.ts'
import { mutants as ofSsr } from '../../packages/ssr/test/mutants.ts'
import { read } from '../lib/tool.mjs'

const [text = ''] = process.argv.slice(2)

/**
 * Whether a test of the project fails while the law is broken. If a run ends without a test result, this throws. The time
 * limit is long, so that no test fails only because the machine is busy.
 */
const isKilledBy = async (project, law) => {
  const env = { MUTANT: law, SIMULATE_WALKS: '2000', NO_COLOR: '1' }
  const limit = ['--testTimeout', '60000', '--bail', '1']
  // Runs without the cache of transformed modules. The cache does not know which law is broken, and would keep earlier
  // edits.
  const cache = '--no-fsModuleCache'
  const args = ['run', '--project', project, ...limit, cache, '--exclude', '**/mutants.test.ts']
  try {
    await read('vitest', args, { env })
    return false
  } catch (error) {
    if (!/Tests .*\d+ failed/.test(error.message)) throw error
    return true
  }
}

const killers = { core: 0, simulation: 0, ssr: 0 }
const survivors = []

/** Breaks each law, and runs the projects in turn until one of them notices. */
async function breakEach(mutants, projects) {
  const chosen = mutants.filter((mutant) => mutant.law.includes(text))
  if (chosen.length > 0 && (await isKilledBy(projects[0], '')))
    throw new Error(`A test of ${projects[0]} fails although no law is broken. Mend that first.`)
  for (const { law } of chosen) {
    let killer
    for (const project of projects) if (!killer && (await isKilledBy(project, law))) killer = project
    console.log(`${killer ? `✓ killed by ${killer}` : '✗ survived'}: ${law}`)
    if (killer) killers[killer] += 1
    else survivors.push(law)
  }
}

await breakEach(ofCore, ['core', 'simulation'])
await breakEach(ofSsr, ['ssr'])
console.log(
  `${killers.core} mutants killed by core's tests, ${killers.simulation} by walks over the whole stack, ${killers.ssr} by those of ssr, ${survivors.length} survived`,
)
process.exitCode = survivors.length > 0 ? 1 : 0
