import type { Plugin } from 'vitest/config'

export interface Mutant {
  /** What holds in the code that ships, and not in the mutant. */
  readonly law: string
  /** Relative to the package's folder `src`. */
  readonly file: string
  /** Each text that is replaced occurs exactly once in the file. */
  readonly edits: readonly (readonly [find: string, replace: string])[]
}

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

/**
 * The plugin that breaks one law in the tests. The environment variable `MUTANT` names the law. Undefined if that is
 * not a law of this package.
 */
export const applyMutant = (
  folder: string,
  mutants: readonly Mutant[],
  law = process.env['MUTANT'],
): Plugin | undefined => {
  const mutant = mutants.find((each) => each.law === law)
  return (
    mutant && {
      name: 'apply-mutant',
      enforce: 'pre',
      transform: (code, id) =>
        id.endsWith(`/packages/${folder}/src/${mutant.file}`) ? mutate(code, mutant) : undefined,
    }
  )
}
