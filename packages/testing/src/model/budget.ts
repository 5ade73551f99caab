import type { Budgets } from './world.ts'

// Packs budgets into one number, so that two of them are compared fast. Each kind has three bits, of which the highest is a
// guard bit. So a budget is at most 3, or it is Infinity, which counts as 0 because it never changes.

const kinds = [
  'refresh',
  'crash',
  'loss',
  'duplicate',
  'timeout',
  'freeze',
  'bypass',
  'signOut',
  'signIn',
  'clear',
] as const satisfies readonly (keyof Budgets)[]

const guardBits = 0b100_100_100_100_100_100_100_100_100_100

const count = (budget: number): number => (budget === Infinity ? 0 : budget)

export function pack(budgets: Budgets): number {
  let packed = 0
  for (const kind of kinds) packed = (packed << 3) | count(budgets[kind])
  return packed
}

export function total(budgets: Budgets): number {
  let sum = 0
  for (const kind of kinds) sum += count(budgets[kind])
  return sum
}

/** Whether the packed budgets `one` are, for every kind, at least as large as the packed budgets `other`. */
export const covers = (one: number, other: number): boolean =>
  (((one | guardBits) - other) & guardBits) === guardBits
