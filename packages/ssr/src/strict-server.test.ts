import { expect, it } from 'vitest'
import { createStrictWorld, LIFETIME } from '../test/strict-world.ts'

it('R37: one process asks a strict server once per generation, for any number of parallel requests', async () => {
  const { instance, pass } = createStrictWorld()
  const { signIn, token } = instance()
  const { browser, family } = await signIn()
  for (let round = 1; round <= 3; round++) {
    pass(LIFETIME)
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token(browser)))
    expect(new Set(tokens)).toEqual(new Set([`access 0 ${round}`]))
    expect(family.requests).toBe(round)
  }
})

it('R37: a strict server ends the session after a lost answer, which no client can mend', async () => {
  const { server, instance, pass } = createStrictWorld()
  const { signIn, token } = instance()
  const { browser } = await signIn()
  pass(LIFETIME)
  server.network = 'lost'
  // The app cannot know yet whether the answer was lost, or the request.
  expect(await token(browser)).toBe('unreachable')
  pass(LIFETIME)
  expect(await token(browser)).toBe('sign-in-required')
})

it('R37: without a store, two instances that refresh the same cookie end the session at a strict server', async () => {
  const { instance, pass } = createStrictWorld()
  const [first, second] = [instance(), instance()]
  const { browser } = await first.signIn()
  pass(LIFETIME)
  const tokens = await Promise.all([first.token(browser), second.token(browser)])
  expect(tokens).toContain('sign-in-required')
})
