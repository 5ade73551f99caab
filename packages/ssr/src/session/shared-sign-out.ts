import { signOut } from '@tokenkeep/core/cross-tab'
import type { Revoke } from './revoker.ts'
import type { SealedRecord } from './sealed-record.ts'
import type { SharedEntries } from './shared-entries.ts'

/**
 * Ends a session in the store too, before its tokens are revoked. Then no instance can store a refresh that is in flight,
 * and the newest refresh token is revoked, not that of the cookie. If the store fails, the revocation stays pending.
 */
export function revokeShared(
  entries: SharedEntries,
  revoke: Revoke,
  onStoreFailed: (cause: unknown) => void,
): Revoke {
  async function end(epoch: string): Promise<SealedRecord> {
    for (;;) {
      const { record, fence } = await entries.read(epoch)
      if (record?.reason) return record
      // For the other instances, the session was ended elsewhere. `signed-out` would let their responses write the epoch
      // cookie, which may already name the next session.
      const over = { ...signOut('revoked')(record)!, epoch }
      if (await entries.write(epoch, fence, over, 0)) return over
    }
  }

  return async (record, ended) => {
    if (ended === undefined) return revoke(record, ended)
    try {
      const { pendingRevocations: newest } = await end(ended)
      const pendingRevocations = record.pendingRevocations.map(
        (revocation) => newest.find(({ sessionId }) => sessionId === revocation.sessionId) ?? revocation,
      )
      return await revoke({ ...record, pendingRevocations }, ended)
    } catch (cause) {
      onStoreFailed(cause)
      await revoke(record, ended)
      return record
    }
  }
}
