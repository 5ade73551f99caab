import { expect, test } from '@playwright/test'
import { lostSignOuts, ways } from '../src/left-page.ts'

// This is like tests/left-page.spec.ts, with 200 rounds of each kind.
for (const [name, way] of Object.entries(ways))
  for (const company of [true, false])
    test(`no sign-out is lost if the page ${name} in the same turn${company ? ', and another tab is reloaded' : ''}`, async () => {
      expect(await lostSignOuts(way, { rounds: 200, company })).toBe(0)
    })
