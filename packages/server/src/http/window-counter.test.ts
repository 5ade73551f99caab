import { expect, it, vi } from 'vitest'
import { WindowCounter } from './window-counter.ts'

it('a limit ends after a minute, also if the wall clock is set back meanwhile (case F10)', () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
  const wall = vi.spyOn(Date, 'now')
  try {
    const counter = new WindowCounter(60_000)
    counter.add('a')
    wall.mockReturnValue(0)
    expect(counter.get('a')).toEqual({ count: 1, msLeft: 60_000 })
    clock.mockReturnValue(61_000)
    expect(counter.get('a')).toBeUndefined()
    expect(counter.add('a').count).toBe(1)
  } finally {
    vi.restoreAllMocks()
  }
})
