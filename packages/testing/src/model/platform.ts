import type { Change } from '@tokenkeep/core/cross-tab'
import type { World } from './world.ts'

// What the tabs share in a browser, as the model has it: one record, changed in transactions, and one lock. There are no
// hints, for no step waits for one: a tab may want a refresh of what it saw at any time.

export const transact = (world: World, change: Change): World => ({ ...world, record: change(world.record) })

export const isFree = ({ holder }: World): boolean => holder === undefined

export const lock = (world: World, holder: number): World => ({ ...world, holder })

/** Of who does not have it: nothing happens. */
export const unlock = (world: World, holder: number): World =>
  world.holder === holder ? { ...world, holder: undefined } : world
