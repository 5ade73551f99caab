import { showId } from './ids.ts'
import type { App, Session, User } from './store.ts'

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())

/** An app as its pages may see it. */
export const showApp = ({ id, name, auth_origin, redirect_url, session_timeout_length }: App): object => ({
  id,
  name,
  auth_origin,
  redirect_url,
  session_timeout_length,
  // Passage's element crashes or goes blank without the rest. There is no RSA key: tokens are signed with EdDSA.
  login_url: '/',
  rsa_public_key: '',
  allowed_identifier: 'both',
  required_identifier: 'either',
  require_identifier_verification: false,
  public_signup: true,
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
export const showManagedApp = (app: App): object => ({
  ...showApp(app),
  refresh_enabled: app.refresh_enabled,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
  version: app.version,
})

export const showUser = (user: User): object => ({
  id: showId(user.id),
  identifier: user.identifier,
  status: user.status,
  created_at: iso(user.created_at),
  updated_at: iso(user.updated_at),
  last_login_at: iso(user.last_login_at),
  login_count: user.login_count,
})

export const showSession = (session: Session): object => ({
  id: showId(session.id),
  created_at: iso(session.created_at),
  last_active_at: iso(session.active_at),
  last_refreshed_at: iso(session.rotated_at),
})
