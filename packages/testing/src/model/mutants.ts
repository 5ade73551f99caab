/**
 * The rules of the protocol. Without one of them, the protocol is a mutant. Each checker must find a violation in every
 * mutant: a checker that misses one shows nothing about the protocol.
 */
export interface Rules {
  /** An answer is written only over the version that it was requested for. */
  readonly fence: boolean
  /** The retry id is in the storage before the request is sent. Mutant: each sender makes up its own. */
  readonly durableRetryId: boolean
  /** Epochs are random. Mutant: a counter, which starts again after the storage was cleared. */
  readonly randomEpoch: boolean
  /** A refusal counts only for the version that was refused. */
  readonly recheckRefusal: boolean
  /** Revoking any refresh token of a session ends the session. */
  readonly revokeSession: boolean
  /** A session that the user has ended is stored as a pending revocation until the server has answered. */
  readonly pendingRevocations: boolean
  /** A sign-out leaves its hint before it is written. Mutant: a page that is left meanwhile leaves nothing. */
  readonly lastHint: boolean
  /** A tab that waits too long for the lock goes on without it. */
  readonly boundedWait: boolean
  /** The server remembers the retry ids of all earlier generations, not only of the last one. */
  readonly retryIdHistory: boolean
}

export const rules: Rules = {
  fence: true,
  durableRetryId: true,
  randomEpoch: true,
  recheckRefusal: true,
  revokeSession: true,
  pendingRevocations: true,
  lastHint: true,
  boundedWait: true,
  retryIdHistory: true,
}

export type Mutant = keyof Rules
export const mutants = Object.keys(rules) as Mutant[]
export const without = (mutant: Mutant): Rules => ({ ...rules, [mutant]: false })
