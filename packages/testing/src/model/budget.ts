import type { Budgets } from './world.ts'

// Budgets as one number, for a quick comparison: three bits a kind, the highest of which stays free. So there may be
// three of a kind, or any number.

const kinds = [
  'start',
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

const guards = 0b100_100_100_100_100_100_100_100_100_100

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

/** True where `one` leaves as much of every kind as `other`, or more. */
export const covers = (one: number, other: number): boolean => (((one | guards) - other) & guards) === guards
