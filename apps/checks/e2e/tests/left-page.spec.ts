import { expect, test } from '@playwright/test'
import { lostSignOuts, ways } from '../src/left-page.ts'

test.describe.configure({ mode: 'parallel' })

/** One with another tab, and one without. */
const brief = ['is reloaded true', 'is closed false']

for (const [name, way] of Object.entries(ways))
  for (const company of [true, false])
    test(
      `no sign-out is lost if the page ${name} in the same turn${company ? ', and another tab is reloaded' : ''} (case B1)`,
      { tag: brief.includes(`${name} ${company}`) ? [] : '@full' },
      async () => {
        expect(await lostSignOuts(way, { rounds: 5, company })).toBe(0)
      },
    )
