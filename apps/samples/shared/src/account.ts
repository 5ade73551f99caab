/** What the sample's backend returns about the current user. */
export interface Account {
  readonly user: string
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
