import { expect, test } from '@playwright/test'
import { best, faults, LIMIT, signOutUnder, told } from '../src/sign-out.ts'

// Like tests/sign-out.spec.ts, with more rounds and modes. In cookie mode there is one round: only the server can set the
// cookie, so there is no sign-in while the server is away. It ends with a close: after a crash the cookie may be lost,
// and then nothing is left to revoke the session with.
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
