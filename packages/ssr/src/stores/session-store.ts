/** What a store keeps of one session. */
export interface StoredEntry {
  /** The newest record of the session, sealed: only this app's keys open it. */
  readonly value: string
  /** How many times the entry was written. */
  readonly fence: number
  /** True while one instance may refresh the session, by the store's clock. */
  readonly isLeased: boolean
}

/** What a write leaves in the store. */
export interface NewEntry {
  readonly value: string
  /** How long no other instance may refresh the session. Milliseconds; 0 if any may. */
  readonly lease: number
  /** When the store may forget the entry, from now on. Milliseconds. */
  readonly lifetime: number
}

/**
 * A store that all instances of an app share. `postgresStore` and `redisStore` create one. Each function is one atomic
 * operation, and rejects if the store fails.
 */
export interface SessionStore {
  /** Resolves to the entry of a key, or to undefined if there is none. A key is a hash: it names nobody. */
  read(key: string): Promise<StoredEntry | undefined>
  /**
   * Writes an entry with the next fence, and resolves to true. If the entry has another fence than this one, somebody has
   * written since: nothing is written, and it resolves to false. `fence`: 0 if there was no entry.
   */
  write(key: string, fence: number, entry: NewEntry): Promise<boolean>
}
