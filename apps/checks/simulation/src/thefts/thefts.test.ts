import { expect, it } from 'vitest'
import { runThefts } from './run.ts'

// SEED=7: the first seed. Default: 1. `pnpm thefts` does the same with 10,000 thefts of each kind of loot.
const seed = Number(process.env['SEED'] ?? 1)

it('every theft is noticed when a used-up token first comes again, and no honest walk is treated as a theft', async () => {
  const { figures, events, honest } = await runThefts(10, 20, seed)
  console.log(`thefts and honest walks from SEED=${seed}`)
  for (const each of figures) expect(each).toMatchObject({ missed: 0 })
  const sum = (of: 'noticed' | 'thefts' | 'nothing'): number =>
    figures.reduce((total, each) => total + each[of], 0)
  expect(sum('noticed')).toBe(sum('thefts') - sum('nothing'))
  // Only a thief of a request or a record can come too late: with a token or an answer, he is found at his first use.
  for (const { loot, nothing } of figures)
    if (loot === 'token' || loot === 'answer') expect([loot, nothing]).toEqual([loot, 0])
  expect(sum('noticed')).toBeGreaterThan(25)
  expect(events).toBe(sum('noticed'))
  // A thief of the whole record who follows the owner step by step is found at the owner's second use.
  const record = figures.find(({ loot, schedule }) => loot === 'record' && schedule === 'lock-step')
  expect(record).toMatchObject({ bySecondUse: record!.noticed })
  expect(honest).toEqual({ walks: 20, alarms: 0 })
})
