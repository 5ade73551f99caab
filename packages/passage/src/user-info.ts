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
  readonly last_login_at: string | null
  readonly login_count: number
  readonly webauthn: boolean
  readonly webauthn_devices: readonly unknown[]
  readonly webauthn_types: readonly string[]
  readonly user_metadata: Readonly<Record<string, unknown>>
  readonly social_connections: Readonly<Record<string, unknown>>
}
