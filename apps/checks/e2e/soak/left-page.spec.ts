import { expect, test } from '@playwright/test'
import { killedSignOuts, lostSignOuts, ways } from '../src/left-page.ts'
import { chooseSeed, randomOf } from '../src/random.ts'

// This is like tests/left-page.spec.ts, with 200 rounds of each kind.
for (const [name, way] of Object.entries(ways))
  for (const company of [true, false])
    test(`no sign-out is lost if the page ${name} in the same turn${company ? ', and another tab is reloaded' : ''}`, async () => {
      expect(await lostSignOuts(way, { rounds: 200, company })).toBe(0)
    })

test('no sign-out is lost if the browser is killed once it has resolved', async () => {
  expect(await killedSignOuts({ rounds: 200 })).toEqual({ in: 0, out: 200, between: 0 })
})

test('a browser that is killed during a sign-out is wholly signed in or wholly signed out', async () => {
  const random = randomOf(chooseSeed())
  const outcomes = await killedSignOuts({ rounds: 200, delay: () => random() * 10 })
  console.log(outcomes)
  expect(outcomes.between).toBe(0)
})
