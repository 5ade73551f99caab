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
export declare function mutate(source: string, { law, edits }: Mutant): string
/** The plugin that breaks one law in the tests, if it is a law of this package. The environment variable `MUTANT` names it. */
export declare const applyMutant: (
  folder: string,
  mutants: readonly Mutant[],
  law?: string | undefined,
) => Plugin | undefined
