// How long a manager waits. Milliseconds.

/** For the storage. A storage that takes longer is blocked by a frozen tab. */
export const STORAGE_TIMEOUT = 5000
/** Between two reads of a storage that does not answer. */
export const STORAGE_RETRY_DELAY = 250
/** For another tab's refresh. After it, this tab refreshes without the lock. */
export const LOCK_TIMEOUT = 27_000
/** For an answer to a refresh. After it, a failed refresh is not tried again. */
export const RETRY_TIMEOUT = 15_000
/** How often a refresh is tried before its callers hear of the failure. */
export const MAX_TRIES = 3
/** Before a failed revocation is tried again; doubled after each failure. */
export const REVOCATION_RETRY_DELAY = 10_000
/** The longest delay between two tries of a revocation. */
export const MAX_REVOCATION_RETRY_DELAY = 60_000
