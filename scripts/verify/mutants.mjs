// `pnpm mutants [text]`: breaks the laws (rules) of the token manager whose names contain the text, one at a time. Each time
// it expects a test to fail: a test of core, or else a random walk over the whole stack.
import { mutants } from '../../packages/core/test/mutants.ts'
import { read } from '../lib/tool.mjs'

const [text = ''] = process.argv.slice(2)

/**
 * Whether a test of the project fails while the law is broken. If a run ends without a test result, this throws. The time
 * limit is long, so that no test fails only because the machine is busy.
 */
const isKilledBy = async (project, law) => {
  const env = { MUTANT: law, SIMULATE_WALKS: '2000', NO_COLOR: '1' }
  const limit = ['--testTimeout', '60000', '--bail', '1']
  // Without the cache of transformed modules: it does not know which law is broken, and would keep the edits of earlier mutants.
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

if (await isKilledBy('core', ''))
  throw new Error('A test of core fails although no law is broken. Mend that first.')
const killers = { core: 0, simulation: 0 }
const survivors = []
for (const { law } of mutants.filter((mutant) => mutant.law.includes(text))) {
  const killer = (await isKilledBy('core', law))
    ? 'core'
    : (await isKilledBy('simulation', law))
      ? 'simulation'
      : undefined
  console.log(`${killer ? `✓ killed by ${killer}` : '✗ survived'}: ${law}`)
  if (killer) killers[killer] += 1
  else survivors.push(law)
}
console.log(
  `${killers.core} mutants killed by core's tests, ${killers.simulation} by walks over the whole stack, ${survivors.length} survived`,
)
process.exitCode = survivors.length > 0 ? 1 : 0
