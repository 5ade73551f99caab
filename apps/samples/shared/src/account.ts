/** What the sample's backend tells of the user who asks. */
export interface Account {
  readonly user: string
  readonly sessions: readonly AccountSession[]
}

export interface AccountSession {
  readonly id: string
  /** Milliseconds since the epoch. */
  readonly created_at: number
  readonly last_active_at: number
  /** True for the session that asks. */
  readonly current: boolean
}
