/**
 * The protocol with one step taken away. Each must be found by every checker: a checker that misses one proves
 * nothing about the whole.
 */
export interface Rules {
  /** An answer is written only over the very version it was asked for. */
  readonly fence: boolean
  /** The retry id is in storage before the request is sent; else each sender makes one up. */
  readonly durableRetryId: boolean
  /** Epochs are random; else a counter, that begins anew when storage is cleared. */
  readonly randomEpoch: boolean
  /** A refusal counts only for the version that was refused. */
  readonly recheckRefusal: boolean
  /** Revoking any refresh token of a session ends the session. */
  readonly revokeSession: boolean
  /** A session that was left is remembered until the server has heard of it. */
  readonly pendingRevocations: boolean
  /** A lock whose holder does not let go is passed by. */
  readonly boundedWait: boolean
  /** The server knows the retryIds of all late generations, not only of the last. */
  readonly retryIdHistory: boolean
}

export const rules: Rules = {
  fence: true,
  durableRetryId: true,
  randomEpoch: true,
  recheckRefusal: true,
  revokeSession: true,
  pendingRevocations: true,
  boundedWait: true,
  retryIdHistory: true,
}

export type Mutant = keyof Rules
export const mutants = Object.keys(rules) as Mutant[]
export const without = (mutant: Mutant): Rules => ({ ...rules, [mutant]: false })
