import type { SessionRecord, SignedInRecord } from '@tokenkeep/core/cross-tab'

/** The core's record, with the secret from which the session's retry ids are derived. Nothing outside the seal holds it. */
export type SealedSignedInRecord = SignedInRecord & { readonly secret: string }
export type SealedRecord = SessionRecord & { readonly secret?: string | undefined }

/**
 * Writes a record as text. The last failure is left out. To store it, a response would have to send the cookie again,
 * although its generation has not advanced.
 */
export const toText = (record: SealedRecord): string =>
  JSON.stringify({ ...record, lastFailure: undefined, lastRetryId: undefined })

/** Reads a record that this package has sealed. */
export const fromText = (text: string): SealedRecord => JSON.parse(text) as SealedRecord

/** True for a record that can be refreshed from its cookie. */
export const isSignedIn = (record: SealedRecord | undefined): record is SealedSignedInRecord =>
  record?.session !== undefined

/** The value of the epoch cookie that goes with a record. Undefined after a sign-out. */
export const epochAfter = (
  before: string | undefined,
  record: SealedRecord | undefined,
): string | undefined =>
  isSignedIn(record) ? record.epoch : record?.reason === 'signed-out' ? undefined : before

/** True if a record is newer than the one that the browser holds. A failure alone is no advance. */
export const hasAdvanced = (stored: SealedRecord | undefined, record: SealedRecord | undefined): boolean =>
  stored?.epoch !== record?.epoch || stored?.generation !== record?.generation
