// How long a manager waits, and how often it tries. All times are milliseconds.

/** How long a transaction may take. A frozen tab may block the storage for longer. */
export const STORAGE_TIMEOUT = 5000
/** The delay between two reads of a storage that fails or does not answer. */
export const STORAGE_RETRY_DELAY = 250
/** How often a storage that fails is read before the tab goes on without it. */
export const MAX_READS = 3
/** How long this tab waits for another tab's refresh. Then it refreshes without the lock. */
export const LOCK_TIMEOUT = 27_000
/** How long a refresh is tried again, counted from its first try. A try that has begun may end later. */
export const RETRY_TIMEOUT = 15_000
/** A token with a shorter life counts as a failure: otherwise it would be refreshed without end. */
export const MIN_LIFETIME = 1000
/** How often a refresh is tried before its callers get the error. */
export const MAX_TRIES = 3
/**
 * The delay before a failed revocation is tried again. Doubled after each failure: up to 4 times as long if the server was
 * not reached, up to 64 times as long if it has answered.
 */
export const REVOCATION_RETRY_DELAY = 10_000
