import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { mutate } from '../../core/test/apply-mutant.ts'
import { mutants } from './mutants.ts'

it.each(mutants)('the mutant of «$law» fits the source', (mutant) => {
  const source = readFileSync(new URL(`../src/${mutant.file}`, import.meta.url), 'utf8')
  expect(mutate(source, mutant)).not.toBe(source)
})
