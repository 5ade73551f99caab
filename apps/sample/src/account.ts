/** What the sample's backend tells of the user who asks. */
export interface Account {
  readonly user: string
  readonly sessions: readonly AccountSession[]
}

export interface AccountSession {
  readonly id: string
  readonly created_at: string
  readonly last_active_at: string
  /** True for the session that asks. */
  readonly current: boolean
}
