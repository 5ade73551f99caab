// `pnpm mutants [text]`: breaks each law of the token manager whose name contains the text, and expects a test to fail:
// one of core's, or else a walk over the whole stack.
import { mutants } from '../../packages/core/test/mutants.ts'
import { read } from '../lib/tool.mjs'

const [text = ''] = process.argv.slice(2)

/** Whether a test fails with the law broken. A run that ends without a test result is an error of this script. */
const isKilledBy = async (project, law) => {
  const env = { MUTANT: law, SIMULATE_WALKS: '2000', NO_COLOR: '1' }
  const args = ['run', '--project', project, '--bail', '1', '--exclude', '**/mutants.test.ts']
  try {
    await read('vitest', args, { env })
    return false
  } catch (error) {
    if (!/Tests .*\d+ failed/.test(error.message)) throw error
    return true
  }
}

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
