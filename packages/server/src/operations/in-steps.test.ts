import { expect, it } from 'vitest'
import { inSteps } from './in-steps.ts'

const forever = () => ({ stepTime: 2, signal: new AbortController().signal, deadline: Infinity })

it('deletes everything, however much there is', async () => {
  let left = 250_000
  const done = await inSteps(async (rows) => {
    const deleted = Math.min(rows, left)
    left -= deleted
    return deleted === rows
  }, forever())
  expect([done, left]).toEqual([true, 0])
})

it('takes fewer rows if a step takes long, so that requests wait only briefly', async () => {
  const asked: number[] = []
  await inSteps(async (rows) => {
    asked.push(rows)
    const until = performance.now() + rows / 10
    while (performance.now() < until);
    return asked.length < 8
  }, forever())
  expect(Math.max(...asked)).toBe(100)
  expect(asked.at(-1)).toBeLessThanOrEqual(25)
})

it('says that work is left at its deadline, and when it is stopped', async () => {
  const step = () => Promise.resolve(true)
  expect(await inSteps(step, { ...forever(), deadline: performance.now() + 20 })).toBe(false)
  expect(await inSteps(step, { ...forever(), signal: AbortSignal.abort() })).toBe(false)
})
