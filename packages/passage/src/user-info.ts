/** The signed-in user, as `GET /currentuser` of the session server returns it. Times are in ISO 8601. */
export interface PassageUserInfo {
  readonly id: string
  readonly status: string
  readonly email: string
  readonly email_verified: boolean
  readonly phone: string
  readonly phone_verified: boolean
  readonly created_at: string
  readonly updated_at: string
  readonly last_login_at: string
  readonly login_count: number
  readonly webauthn: boolean
  readonly webauthn_devices: readonly PassageDevice[]
  readonly webauthn_types: readonly string[]
  readonly user_metadata: Metadata
  readonly social_connections: Readonly<Record<string, unknown>>
}

/** What an app or its users store with a user. */
export type Metadata = Readonly<Record<string, unknown>>

/** A passkey. Times are in ISO 8601. */
export interface PassageDevice {
  readonly id: string
  readonly cred_id: string
  readonly friendly_name: string
  readonly type: string
  readonly usage_count: number
  readonly created_at: string
  readonly updated_at: string
  readonly last_login_at: string
}

/** What a page may know of a user who is not signed in. */
export interface PassageKnownUser {
  readonly id: string
  readonly status: string
  readonly email: string
  readonly email_verified: boolean
  readonly phone: string
  readonly phone_verified: boolean
  readonly webauthn: boolean
  readonly webauthn_types: readonly string[]
  readonly hasPasskey: boolean
}
