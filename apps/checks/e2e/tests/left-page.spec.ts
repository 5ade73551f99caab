import { expect, test } from '@playwright/test'
import { lostSignOuts, ways } from '../src/left-page.ts'

test.describe.configure({ mode: 'parallel' })

for (const [name, way] of Object.entries(ways))
  for (const company of [true, false])
    test(`no sign-out is lost if the page ${name} in the same turn${company ? ', and another tab is reloaded' : ''} (case B1)`, async () => {
      expect(await lostSignOuts(way, { rounds: 5, company })).toBe(0)
    })
