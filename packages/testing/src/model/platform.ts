import { applyHint, type Change } from '@tokenkeep/core/cross-tab'
import type { World } from './world.ts'

// What the tabs of a browser share, in the model: one record that is changed in transactions, and one lock. The model has
// no hints, because no step waits for one: at any time, a tab may want a refresh of the record's current version.

/** Applies the last hint first, as each transaction of the core does. */
export const transact = (world: World, change: Change): World => ({
  ...world,
  record: change(seen(world)),
  lastHint: undefined,
})

/** The record as the next transaction finds it: a sign-out of a page that was left has ended it. */
export const seen = ({ record, lastHint }: World): World['record'] => applyHint(lastHint)(record)

export const isFree = ({ lockHolder }: World): boolean => lockHolder === undefined

export const lock = (world: World, lockHolder: number): World => ({ ...world, lockHolder })

/** Changes nothing if the tab does not hold the lock. */
export const unlock = (world: World, tab: number): World =>
  world.lockHolder === tab ? { ...world, lockHolder: undefined } : world
