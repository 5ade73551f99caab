import { expect, test } from '@playwright/test'
import { best, faults, LIMIT, signOutUnder, told } from '../src/sign-out.ts'

// The matrix of tests/sign-out.spec.ts, wider. A cookie is the server's to set, and so no sign-in happens while that is
// away; and a browser that crashes before it has written one to disk has nothing left to revoke with.
const plans = [
  { mode: 'body', rounds: 20, ending: 'kill' },
  { mode: 'body', rounds: 20, ending: 'close' },
  { mode: 'cookie', rounds: 1, ending: 'close' },
] as const

for (const [name, fault] of Object.entries(faults))
  for (const plan of plans)
    test(`sign-out with ${name}, refresh token in the ${plan.mode}, then ${plan.ending}`, async () => {
      const figures = await signOutUnder(fault, plan)
      console.log(`${name}: ${told(figures)}`)
      expect(best(figures)).toBeLessThan(LIMIT)
    })
