import { expect, it } from 'vitest'
import { onServerTime } from './environment.ts'

/** The true time, and a server that answers after some seconds. Milliseconds. */
function network({ skew = 0 } = {}) {
  const start = 1_700_000_000_000
  let time = start
  let delays = { there: 0, back: 0 }
  const environment = onServerTime({
    now: () => time + skew,
    async fetch() {
      time += delays.there
      const response = new Response(null, { headers: { date: new Date(time).toUTCString() } })
      time += delays.back
      return response
    },
  })
  const ask = (there: number, back: number): Promise<Response> => {
    delays = { there, back }
    return environment.fetch('https://auth.example', {})
  }
  return { ask, error: () => environment.now() - time }
}

it('R19: a slow answer does not turn the clock back, however long it takes', async () => {
  const { ask, error } = network()
  for (const [there, back] of [
    [0, 4000],
    [4000, 0],
    [3000, 3000],
    [0, 60_000],
    [0, 0],
  ] as const) {
    await ask(there, back)
    expect(error()).toBe(0)
  }
})

it.each([-300_000, -3000, 3000, 300_000])('R19: corrects a clock that is wrong by %d ms', async (skew) => {
  const { ask, error } = network({ skew })
  await ask(0, 0)
  expect(error()).toBe(0)
  await ask(0, 4000)
  expect(error()).toBe(0)
})
