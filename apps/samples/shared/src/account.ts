/** What the sample's backend returns about the current user. */
export interface Account {
  /** The user's id. */
  readonly user: string
  /** The name with which the user signed in. */
  readonly name: string
  readonly sessions: readonly AccountSession[]
}

export interface AccountSession {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly created_at: number
  /** Milliseconds since the epoch. */
  readonly last_active_at: number
  /** True for the session of this browser. */
  readonly current: boolean
}
