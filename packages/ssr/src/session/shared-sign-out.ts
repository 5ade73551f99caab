import { signOut, type PendingRevocation } from '@tokenkeep/core/cross-tab'
import type { Revoke } from './revoker.ts'
import type { SharedEntries } from './shared-entries.ts'

type Pending = readonly PendingRevocation[]

/** The revocations of both lists, each token once. */
const union = (ours: Pending, theirs: Pending): Pending => [
  ...ours,
  ...theirs.filter(({ refreshToken }) => !ours.some((own) => own.refreshToken === refreshToken)),
]

/**
 * Ends a session in the store too, before its tokens are revoked. Then no instance can store a refresh that is in flight.
 * The refresh token of the store is revoked as well as that of the cookie: either may be the newest. If the store fails,
 * the revocation stays pending.
 */
export function revokeShared(
  entries: SharedEntries,
  revoke: Revoke,
  onStoreFailed: (cause: unknown) => void,
): Revoke {
  /** Resolves to the revocations that are pending once the session is over. */
  async function end(epoch: string, ours: Pending): Promise<Pending> {
    for (;;) {
      const { record, fence } = await entries.read(epoch)
      if (record?.reason) return union(ours, record.pendingRevocations)
      // For the other instances, the session was ended elsewhere. `signed-out` would let their responses write the epoch
      // cookie, which may already name the next session.
      const over = signOut('revoked')(record)!
      const pendingRevocations = union(ours, over.pendingRevocations)
      if (await entries.write(epoch, fence, { ...over, epoch, pendingRevocations }, 0))
        return pendingRevocations
    }
  }

  return async (record, ended) => {
    if (ended === undefined) return revoke(record)
    try {
      return await revoke({ ...record, pendingRevocations: await end(ended, record.pendingRevocations) })
    } catch (cause) {
      onStoreFailed(cause)
      await revoke(record)
      return record
    }
  }
}
