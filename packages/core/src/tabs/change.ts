import type { SessionRecord, SignedInRecord } from './record.ts'

// How tabs change the record that they share. Each change runs inside one storage transaction. No change reads a clock,
// uses the network or asks another tab.

/** Returns the record as a change leaves it. If it returns the same object, nothing is written. */
export type Change = (record: SessionRecord | undefined) => SessionRecord | undefined

/** Identifies one version of one session. */
export interface Version {
  readonly epoch: string
  readonly generation: number
}

/** The time and the random values that a change may use. New for each change. */
export interface Entropy {
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** 128 random bits. */
  readonly id: string
  /** A random number from 0 to 1. Spreads retries over time. */
  readonly jitter: number
}

/**
 * True if the record is still at this version. The answer to a refresh is written only then: this check is the fence.
 *
 * @example
 * ```ts
 * import { isAt } from '@tokenkeep/core/cross-tab'
 *
 * console.log(isAt(undefined, { epoch: 'e1', generation: 0 })) // false
 * ```
 */
export const isAt = (
  record: SessionRecord | undefined,
  { epoch, generation }: Version,
): record is SignedInRecord => record?.epoch === epoch && record?.generation === generation

/**
 * Changes nothing.
 *
 * @example
 * ```ts
 * import { identity } from '@tokenkeep/core/cross-tab'
 *
 * console.log(identity(undefined)) // undefined
 * ```
 */
export const identity: Change = (record) => record
