// How long a manager waits, in milliseconds.

/** For storage: one that takes longer is held by a frozen tab. */
export const storagePatience = 5000
/** For another tab's refresh, before going on without the lock. */
export const lockPatience = 27_000
/** For an answer to a refresh: one that nobody has answered by then is not tried again. */
export const retryPatience = 15_000
