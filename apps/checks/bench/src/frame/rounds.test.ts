import { expect, it } from 'vitest'
import { at, inRounds, median } from './rounds.ts'

const quiet = () => undefined

it('measures in turns, and takes medians', async () => {
  const order: string[] = []
  const values = [9, 1, 5]
  const contender = (name: string) => ({
    name,
    async run(times: number) {
      // The first run of the warm-up already takes long enough.
      if (times === 1 && order.length < 4) return (order.push(name), 1e9)
      order.push(name)
      return values[Math.floor((order.length - 5) / 2)]!
    },
  })
  const medians = await inRounds([contender('a'), contender('b')], 3, 1, quiet)
  expect(order.join('')).toBe('aabbababab')
  expect([...medians]).toEqual([
    ['a', 5],
    ['b', 5],
  ])
})

it('reports why a contender fails, and measures the others', async () => {
  let calls = 0
  const late = async (): Promise<number> => {
    if (++calls > 3) throw new Error('gone\nat some place')
    return 1e9
  }
  const measured = await inRounds(
    [
      { name: 'never', run: () => Promise.reject(new Error('not here')) },
      { name: 'late', run: late },
      { name: 'good', run: async () => 1e9 },
    ],
    3,
    1,
    quiet,
  )
  expect([...measured]).toEqual([
    ['never', 'failed: not here'],
    ['late', 'failed: gone'],
    ['good', 1e9],
  ])
})

it('the median of an even number of values lies between the middle two; a quantile is one of the values', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(at([1, 2, 3, 4], 0.5)).toBe(3)
  expect(at([1, 2, 3, 4], 0.99)).toBe(4)
})
