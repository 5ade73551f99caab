import { describe, it } from 'vitest'
import { customStore } from '../src/stores/custom-store.ts'
import { contract } from './environment-contract.ts'
import { Tabs } from './tabs.ts'
import { viewOf } from './view.ts'

// The same suite runs on the checkers' model (packages/testing/src/model/platform.test.ts), and in a real browser, where
// the tabs are processes (apps/checks/e2e/tests/platform.spec.ts).
const texts = new Map<string, string>()
const slow = customStore({
  read: async (key) => (await Promise.resolve(), texts.get(key)),
  write: async (key, value) => (await Promise.resolve(), void texts.set(key, value)),
})

for (const [name, storage] of Object.entries({ 'memory store': undefined, 'custom store': slow }))
  describe(`the environment of the tests keeps the contract with a ${name}`, () => {
    for (const [title, check] of Object.entries(contract))
      it(title, () => {
        const tabs = new Tabs()
        const view = () => viewOf(storage ?? tabs.storage, tabs.environment())
        return check(view(), view())
      })
  })
