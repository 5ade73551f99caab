import type { Point } from '../../api/activity.ts'
import type { Range } from './search.ts'

/** A stretch of time up to now, in steps. Unix seconds and seconds. */
export interface Window {
  readonly from: number
  readonly to: number
  readonly step: number
}

const sizes = {
  '24h': { span: 86_400, step: 1800 },
  '7d': { span: 604_800, step: 14_400 },
  '30d': { span: 2_592_000, step: 86_400 },
} as const

/** The window that ends with the step that is running. */
export function windowOf(range: Range, now = Date.now() / 1000): Window {
  const { span, step } = sizes[range]
  const to = Math.ceil((now + 1) / step) * step
  return { from: to - span, to, step }
}

export const series = ['sign_ins', 'refreshes', 'live_sessions', 'replays', 'reuses'] as const
export type Series = (typeof series)[number]

/** The value of each step; undefined where nobody measured. A count that is not there is none. */
export function valuesOf(
  points: readonly Point[],
  name: Series,
  { from, to, step }: Window,
): (number | undefined)[] {
  const values = Array.from<number | undefined>({ length: Math.round((to - from) / step) })
  if (name !== 'live_sessions') values.fill(0)
  for (const point of points) {
    const place = Math.floor((point.at - from) / step)
    if (place >= 0 && place < values.length && point[name] !== undefined) values[place] = point[name]
  }
  return values
}
