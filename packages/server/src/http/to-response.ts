import type { ApiKey, Event, ManagedApp, Point, SessionOfUser, SigningKey, User } from '@tokenkeep/protocol'
import { showId } from '../store/ids.ts'
import type { App } from '../store/apps.ts'
import type { Event as EventRow } from '../store/events.ts'
import type { ApiKey as ApiKeyRow, SigningKeyRow } from '../store/keys.ts'
import type { Passkey } from '../store/passkeys.ts'
import type { Session } from '../store/sessions.ts'
import type { Point as PointRow } from '../store/statistics.ts'
import type { User as UserRow } from '../store/users.ts'
import { deadlines } from '../sessions/expiry.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const seconds = (ms: number): number => Math.floor(ms / 1000)

/** An app as its pages may see it. */
export const showApp = (app: App) => ({
  id: app.id,
  name: app.name,
  auth_origin: app.auth_origin,
  redirect_url: app.redirect_url,
  session_timeout_length: app.session_timeout_length,
  public_signup: app.public_signup,
  // Passage's element crashes or goes blank without the rest.
  login_url: '/',
  rsa_public_key: '',
  allowed_identifier: 'both',
  required_identifier: 'either',
  require_identifier_verification: false,
  default_language: 'en',
  profile_management: false,
  passage_branding: false,
  ephemeral: false,
  auth_fallback_method: 'none',
  auth_fallback_method_ttl: 0,
  user_metadata_schema: [],
  layouts: { profile: [], registration: [] },
  element_customization: {},
  element_customization_dark: {},
  auth_methods: { passkeys: {} },
  social_connections: {},
})

/** An app as whoever manages it sees it. */
export const showManagedApp = (app: App): ManagedApp => ({
  ...showApp(app),
  additional_auth_origins: [...app.additional_auth_origins],
  alg: app.alg,
  refresh_enabled: app.refresh_enabled,
  session_timeout_length: app.session_timeout_length,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
  version: app.version,
})

/** A user in Passage's shape, from which its clients read dates. An identifier is an e-mail address, a phone number or neither. */
export const showUser = (user: UserRow): User & Record<string, unknown> => ({
  id: showId(user.id),
  identifier: user.identifier,
  email: user.identifier.includes('@') ? user.identifier : '',
  email_verified: false,
  phone: /^\+\d+$/.test(user.identifier) ? user.identifier : '',
  phone_verified: false,
  external_id: '',
  status: user.status,
  created_at: iso(user.created_at),
  updated_at: iso(user.updated_at),
  last_login_at: user.last_login_at === null ? null : iso(user.last_login_at),
  login_count: user.login_count,
  user_metadata: JSON.parse(user.metadata) as Record<string, unknown>,
  webauthn: user.passkeys > 0,
  webauthn_types: user.passkeys > 0 ? ['passkey'] : [],
  webauthn_devices: [],
  recent_events: [],
  social_connections: {},
})

export const showPasskey = (passkey: Passkey) => ({
  id: passkey.id,
  cred_id: passkey.id,
  friendly_name: passkey.name,
  type: 'passkey',
  usage_count: passkey.counter,
  created_at: iso(passkey.created_at),
  updated_at: iso(passkey.last_used_at ?? passkey.created_at),
  last_login_at: passkey.last_used_at === null ? null : iso(passkey.last_used_at),
})

export const showSession = (session: Session, app: App, current?: Buffer): SessionOfUser => ({
  id: showId(session.id),
  ...(session.ip && { ip: session.ip }),
  ...(session.user_agent && { user_agent: session.user_agent }),
  created_at: seconds(session.created_at),
  last_active_at: seconds(session.active_at),
  ...deadlines(session, app),
  ...(current?.equals(session.id) && { current: true }),
})

export const showSigningKey = (key: SigningKeyRow): SigningKey => ({
  kid: key.kid,
  alg: key.alg,
  state: key.state,
  created_at: seconds(key.created_at),
  ...(key.activates_at !== null && { activates_at: seconds(key.activates_at) }),
  ...(key.retires_at !== null && { retires_at: seconds(key.retires_at) }),
})

export const showApiKey = (key: ApiKeyRow): ApiKey => ({
  id: showId(key.id),
  name: key.name,
  created_at: seconds(key.created_at),
  ...(key.last_used_at !== null && { last_used_at: seconds(key.last_used_at) }),
  hint: key.hint,
})

export const showEvent = (event: EventRow): Event => ({
  id: String(event.id),
  at: seconds(event.at),
  type: event.type,
  ...(event.user_id && { user_id: showId(event.user_id) }),
  ...(event.identifier !== null && { identifier: event.identifier }),
  ...(event.session_id && { session_id: showId(event.session_id) }),
  ...(event.actor !== null && { actor: event.actor }),
  ...(event.data !== null && { data: JSON.parse(event.data) as Record<string, unknown> }),
})

export const showPoint = ({ at, live_sessions, ...counts }: PointRow): Point => ({
  at: seconds(at),
  ...counts,
  ...(live_sessions !== null && { live_sessions }),
})
