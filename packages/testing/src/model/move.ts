import type { Budgets, Message, Tab, World } from './world.ts'

/** A transition that is enabled in a world. */
export interface Move {
  readonly label: string
  /** What moves: the index of a tab, or a message. Absent for the user. */
  readonly subject?: number | Message
  /**
   * Whether the move happens eventually if it stays possible (weak fairness). Faults need not happen, and a tab need not
   * want a refresh.
   */
  readonly fair: boolean
  /** Returns the world after the move. Pure. */
  run(): World
}

/** Describes a move for a trace. */
export function describe({ label, subject }: Move): string {
  if (typeof subject === 'number') return `tab ${subject} ${label}`
  if (!subject) return label
  return `${subject.answer ? 'answer to' : 'request'} ${subject.refreshToken} ${subject.retryId} ${label}`
}

export const setTab = (world: World, index: number, tab: Tab): World => ({
  ...world,
  tabs: world.tabs.with(index, tab),
})

export const spend = (world: World, kind: keyof Budgets): World => ({
  ...world,
  budgets: { ...world.budgets, [kind]: world.budgets[kind] - 1 },
})
