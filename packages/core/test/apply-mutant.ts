import type { Plugin } from 'vitest/config'
import { mutants, type Mutant } from './mutants.ts'

/** Applies a mutant's edits. Throws if an edit does not fit the source any more: then the mutant must change too. */
export function mutate(source: string, { law, edits }: Mutant): string {
  let mutated = source
  for (const [find, replace] of edits) {
    const count = mutated.split(find).length - 1
    if (count !== 1) throw new Error(`The mutant of «${law}» finds «${find}» ${count} times, not once.`)
    mutated = mutated.replace(find, () => replace)
  }
  return mutated
}

/** The plugin that breaks one law in the tests. The environment variable `MUTANT` names the law. */
export const applyMutant = (law = process.env['MUTANT']): Plugin | undefined => {
  if (!law) return undefined
  const mutant = mutants.find((each) => each.law === law)
  if (!mutant) throw new Error(`No mutant breaks «${law}».`)
  return {
    name: 'apply-mutant',
    enforce: 'pre',
    transform: (code, id) =>
      id.endsWith(`/packages/core/src/${mutant.file}`) ? mutate(code, mutant) : undefined,
  }
}
