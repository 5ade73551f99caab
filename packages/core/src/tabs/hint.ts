import type { SignedOutReason } from '../machine/session.ts'
import type { Change } from './change.ts'
import type { SessionRecord } from './record.ts'
import { signOut } from './sign-in.ts'

/**
 * Reconciles what a tab remembers with what the storage holds. The storage wins, unless this tab's last write failed,
 * or the storage returned an older value of the same session.
 *
 * @example
 * ```ts
 * import { reconcile, signOut } from '@tokenkeep/core/cross-tab'
 *
 * const remembered = signOut('signed-out')(undefined)
 * console.log(reconcile(remembered, undefined)) // undefined: the storage was cleared
 * ```
 */
export function reconcile(
  known: SessionRecord | undefined,
  stored: SessionRecord | undefined,
): SessionRecord | undefined {
  if (!known || !stored?.session) return stored
  if (known.reason) return applyHint(known)(stored)
  return known.epoch === stored.epoch && known.generation > stored.generation
    ? { ...known, pendingRevocations: stored.pendingRevocations }
    : stored
}

/** What tabs tell each other: the epoch of the record, and whether a sign-out has ended it. Never a token. */
export interface Hint {
  readonly epoch?: string | undefined
  readonly reason?: SignedOutReason | undefined
}

/**
 * Returns what a tab tells the others about a record.
 *
 * @example
 * ```ts
 * import { hintOf, signOut } from '@tokenkeep/core/cross-tab'
 *
 * const hint = hintOf(signOut('signed-out')(undefined))
 * console.log(hint.reason) // 'signed-out'
 * ```
 */
export const hintOf = ({ epoch, reason }: Hint = {}): Hint => ({ epoch, reason })

/**
 * Applies another tab's sign-out at once, before the storage shows it.
 *
 * @example
 * ```ts
 * import { applyHint } from '@tokenkeep/core/cross-tab'
 *
 * const change = applyHint({ epoch: 'e1', reason: 'signed-out' })
 * ```
 */
export const applyHint =
  ({ epoch, reason }: Hint = {}): Change =>
  (record) =>
    epoch && reason && epoch === record?.epoch ? signOut(reason)(record) : record
