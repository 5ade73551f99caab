import type { Settings as SettingsFields } from '@tokenkeep/protocol'

export type UserStatus = 'active' | 'inactive' | 'pending'

/** A user, as the management API shows it. */
export interface User {
  readonly id: string
  readonly identifier: string
  readonly status: UserStatus
  readonly user_metadata?: Readonly<Record<string, unknown>> | null
}
export interface Session {
  readonly id: string
}
export interface ManagedApp extends SettingsFields {
  readonly id: string
  readonly version: number
}

/** Something that has ended sessions. Times are Unix seconds. */
export type Revocation = { readonly id: string; readonly at: number } & (
  | { readonly type: 'session'; readonly session_id: string; readonly user_id: string }
  | {
      readonly type: 'user'
      readonly user_id: string
      readonly epoch: number
      readonly except?: string
    }
  | { readonly type: 'app'; readonly not_before: number }
)
