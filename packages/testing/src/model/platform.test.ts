import { describe, it } from 'vitest'
// The core owns this contract, and does not publish it.
import { locks, storage } from '../../../core/test/environment-contract.ts'
import { viewOf, type View } from '../../../core/test/view.ts'
import { isFree, lock, transact, unlock } from './platform.ts'
import { faults, initialWorld, type World } from './world.ts'

// The model's storage and lock pass the same contract as those of a real browser.

class Platform {
  #worlds = new Map<string, World>()
  #tabs = 0

  #step(name: string, change: (world: World) => World): World {
    const world = change(this.#worlds.get(name) ?? { ...initialWorld(0, faults(0)), record: undefined })
    this.#worlds.set(name, world)
    return world
  }

  view(): View {
    return viewOf(
      { update: async (key, change) => this.#step(key, (world) => transact(world, change)).record },
      {
        lock: async (name, work, wait) => {
          const tab = this.#tabs++
          const until = performance.now() + wait
          const free = (): boolean => isFree(this.#step(name, (world) => world))
          while (!free() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve))
          if (free()) this.#step(name, (world) => lock(world, tab))
          await work().finally(() => this.#step(name, (world) => unlock(world, tab)))
        },
      },
    )
  }
}

describe('the model passes the contract of storage and locks', () => {
  for (const [title, check] of Object.entries({ ...storage, ...locks }))
    it(title, () => {
      const platform = new Platform()
      return check(platform.view(), platform.view())
    })
})
