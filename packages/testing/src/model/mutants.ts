/**
 * The rules of the protocol. The first nine keep honest clients safe, the others find a thief. Without one of them, the
 * protocol is a mutant. Each checker must find a violation in every mutant: a checker that misses one shows nothing about
 * the protocol.
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
  /** A used token gets its successor only with a retry id that proves it. Mutant: a grace period that lasts forever. */
  readonly retryIdProof: boolean
  /** A retry id is random. Mutant: computed from the record, so a thief of the record knows all later ones. */
  readonly randomRetryId: boolean
  /** A client that finds itself displaced tells the server. */
  readonly reportDisplaced: boolean
  /** The last retry id counts if it made the current token. Mutant: if it used up the token that was sent. */
  readonly lastMadeCurrent: boolean
  /** A refresh without a retry id does not repeat a rotation that named one. */
  readonly unnamedIsForeign: boolean
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
  retryIdProof: true,
  randomRetryId: true,
  reportDisplaced: true,
  lastMadeCurrent: true,
  unnamedIsForeign: true,
}

/** The rules that only a thief can break. */
const rulesOfTheft = {
  grace: 'retryIdProof',
  derivedIds: 'randomRetryId',
  noDisplaced: 'reportDisplaced',
  lastOfToken: 'lastMadeCurrent',
  unnamedIsOurs: 'unnamedIsForeign',
} as const satisfies Record<string, keyof Rules>
type TheftMutant = keyof typeof rulesOfTheft

export type Mutant = Exclude<keyof Rules, (typeof rulesOfTheft)[TheftMutant]>
export const without = (rule: keyof Rules): Rules => ({ ...rules, [rule]: false })

const foundByThieves: ReadonlySet<string> = new Set(Object.values(rulesOfTheft))
/** The mutants that honest clients show. Each is named after the rule that it lacks. */
export const mutants = Object.keys(rules).filter((rule) => !foundByThieves.has(rule)) as Mutant[]
/** The mutants that only a thief shows, by name. */
export const theftMutants = Object.fromEntries(
  Object.entries(rulesOfTheft).map(([name, rule]) => [name, without(rule)]),
) as Record<TheftMutant, Rules>

/** The retry id of a generation, in the mutant that computes retry ids. */
export const derivedRetryId = (epoch: string, generation: number): string =>
  generation ? `${epoch}/${generation}` : epoch
