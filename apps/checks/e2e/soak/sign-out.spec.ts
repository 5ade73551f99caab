import { expect, test } from '@playwright/test'
import { best, describeFigures, faults, LIMIT, signOutUnder } from '../src/sign-out.ts'

// This is like tests/sign-out.spec.ts, with more rounds and modes. Cookie mode has one round: only the server can set the
// cookie, so a user cannot sign in while the server is away. That browser is closed, not killed: a crash may lose the
// cookie, and without the cookie the client cannot revoke the session.
const plans = [
  { mode: 'body', rounds: 20, ending: 'kill' },
  { mode: 'body', rounds: 20, ending: 'close' },
  { mode: 'cookie', rounds: 1, ending: 'close' },
] as const

for (const [name, fault] of Object.entries(faults))
  for (const plan of plans)
    test(`a sign-out with ${name} reaches every tab and the server (refresh token in the ${plan.mode}, then ${plan.ending} of the browser)`, async () => {
      const figures = await signOutUnder(fault, plan)
      console.log(`${name}: ${describeFigures(figures)}`)
      expect(best(figures)).toBeLessThan(LIMIT)
    })
