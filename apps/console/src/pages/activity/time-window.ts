import type { Point } from '../../api/activity.ts'
import type { Range } from './search.ts'

/** A period up to now, in steps. `from` and `to` are Unix seconds; `step` is seconds. */
export interface TimeWindow {
  readonly from: number
  readonly to: number
  readonly step: number
}

const windowSizes = {
  '24h': { span: 86_400, step: 1800 },
  '7d': { span: 604_800, step: 14_400 },
  '30d': { span: 2_592_000, step: 86_400 },
} as const

/** Returns the window that ends with the current step. */
export function timeWindowOf(range: Range, now = Date.now() / 1000): TimeWindow {
  const { span, step } = windowSizes[range]
  const to = Math.ceil((now + 1) / step) * step
  return { from: to - span, to, step }
}

export const series = ['sign_ins', 'refreshes', 'live_sessions', 'replays', 'reuses'] as const
export type Series = (typeof series)[number]

/** Returns the value of each step. A missing count is 0; a missing gauge is undefined, because it was not measured. */
export function valuesOf(
  points: readonly Point[],
  name: Series,
  { from, to, step }: TimeWindow,
): (number | undefined)[] {
  const values = Array.from<number | undefined>({ length: Math.round((to - from) / step) })
  if (name !== 'live_sessions') values.fill(0)
  for (const point of points) {
    const index = Math.floor((point.at - from) / step)
    if (index >= 0 && index < values.length && point[name] !== undefined) values[index] = point[name]
  }
  return values
}
