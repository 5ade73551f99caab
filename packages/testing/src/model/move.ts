import type { Budgets, Message, Tab, World } from './world.ts'

/** Something that can happen now. */
export interface Move {
  readonly what: string
  /** The number of a tab, or a message. */
  readonly of?: number | Message
  /** It will happen, if nothing else does. */
  readonly progress: boolean
  run(): World
}

export function describe({ what, of }: Move): string {
  if (typeof of === 'number') return `tab ${of} ${what}`
  return of ? `${of.answer ? 'answer to' : 'request'} ${of.refreshToken} ${of.retryId} ${what}` : what
}

export const setTab = (world: World, index: number, tab: Tab): World => ({
  ...world,
  tabs: world.tabs.with(index, tab),
})

export const spend = (world: World, budget: keyof Budgets): World => ({
  ...world,
  left: { ...world.left, [budget]: world.left[budget] - 1 },
})
