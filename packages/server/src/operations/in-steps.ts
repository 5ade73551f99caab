import { setTimeout as pause } from 'node:timers/promises'

/** How many times longer than its step a pause is, up to `MAX_PAUSE_MS`. So short steps leave requests three quarters of the time. */
const PAUSE_FACTOR = 3
const MAX_PAUSE_MS = 50
/** How many rows the first step of a task reads or deletes, and the limits to which that number adapts. */
const FIRST_ROWS = 100
const MIN_ROWS = 10
const MAX_ROWS = 1000

export interface StepLimits {
  /** How long a step should take, in milliseconds. */
  readonly stepTime: number
  readonly signal: AbortSignal
  /** When to stop before the work is done: a time of `performance.now()`, in milliseconds. */
  readonly deadline: number
}

/**
 * Repeats a step while it resolves to true. The number of rows that it gets adapts to the time that steps take. Requests run
 * in the pauses between steps. Resolves to false if the limits stopped it before the work was done.
 */
export async function inSteps(
  step: (rows: number) => Promise<boolean>,
  { stepTime, signal, deadline }: StepLimits,
): Promise<boolean> {
  let rows = FIRST_ROWS
  while (!signal.aborted && performance.now() < deadline) {
    const began = performance.now()
    if (!(await step(rows))) return true
    const took = performance.now() - began
    if (took > stepTime) rows = Math.max(MIN_ROWS, rows >> 1)
    else if (took < stepTime / 2) rows = Math.min(MAX_ROWS, rows * 2)
    await pause(Math.min(PAUSE_FACTOR * took, MAX_PAUSE_MS))
  }
  return false
}
