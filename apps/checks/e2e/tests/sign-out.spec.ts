import { expect, test } from '@playwright/test'
import { best, describeFigures, faults, LIMIT, signOutUnder } from '../src/sign-out.ts'

test.describe.configure({ mode: 'parallel' })

/** Has two faults in one: the server hangs, and a tab is frozen. */
const hardest: keyof typeof faults = 'another tab frozen with the lock'

for (const [name, fault] of Object.entries(faults))
  test(
    `F36 F37 F38: a sign-out with ${name} reaches every tab within 50 ms and the server later, even after a crash`,
    { tag: name === hardest ? [] : '@full' },
    async () => {
      const figures = await signOutUnder(fault, { mode: 'body', rounds: 3, ending: 'kill' })
      console.log(`${name}: ${describeFigures(figures)}`)
      expect(best(figures)).toBeLessThan(LIMIT)
    },
  )
