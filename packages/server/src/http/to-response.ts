import type {
  ApiKey,
  Delivery,
  Event,
  Invitation,
  ManagedApp,
  Point,
  Scope,
  SessionOfUser,
  SigningKey,
  Webhook,
} from '@tokenkeep/protocol'
import { formatId } from '../store/ids.ts'
import { CONSOLE_APP_ID, type App } from '../store/apps.ts'
import type { Event as EventRow } from '../store/events.ts'
import type { ApiKey as ApiKeyRow } from '../store/api-keys.ts'
import type { SigningKeyRow } from '../store/keys.ts'
import type { Invitation as InvitationRow } from '../store/invitations.ts'
import type { Passkey } from '../store/passkeys.ts'
import type { Session } from '../store/session-row.ts'
import type { Point as PointRow } from '../store/statistics.ts'
import type { User as UserRow } from '../store/users.ts'
import { NEVER } from '../store/user-filter.ts'
import type { Delivery as DeliveryRow, Webhook as WebhookRow } from '../store/webhooks.ts'
import { toExpirations } from '../sessions/expiry.ts'
import { toContact } from '../sessions/known-user.ts'
import { toManagedPassageApp, toPassageApp } from './to-passage-response.ts'

// Converts rows of the store into the shapes of the API. Times become Unix seconds, or ISO 8601 in Passage's shapes.

const toIso = (ms: number): string => new Date(ms).toISOString()
const toSeconds = (ms: number): number => Math.floor(ms / 1000)

/**
 * An app as its pages get it, without an API key. `origin`: that of the page, which is one of the app's. Passage's clients use
 * passkeys only on `auth_origin`, but the passkeys work on all origins of the app.
 */
export const toAppResponse = (app: App, origin = app.auth_origin) => ({
  id: app.id,
  name: app.name,
  auth_origin: origin,
  redirect_url: app.redirect_url,
  session_timeout_length: app.session_timeout_length,
  public_signup: app.public_signup,
  ...toPassageApp(app),
})

/** An app as the management API returns it. */
export const toManagedAppResponse = (app: App): ManagedApp => ({
  ...toAppResponse(app),
  ...toManagedPassageApp(app),
  user_metadata_schema: toPassageApp(app).user_metadata_schema,
  user_lookup: app.user_lookup,
  binding: app.binding,
  additional_auth_origins: [...app.additional_auth_origins],
  alg: app.alg,
  client_auth: app.client_auth,
  client_jwks: app.client_jwks,
  storage: app.storage,
  user_verification: app.user_verification,
  passkeys: app.passkeys,
  passkey_changes: app.passkey_changes,
  refresh_enabled: app.refresh_enabled,
  session_timeout_length: app.session_timeout_length,
  refresh_absolute_lifetime: app.refresh_absolute_lifetime,
  refresh_inactivity_lifetime: app.refresh_inactivity_lifetime,
  version: app.version,
})

/** A user in Passage's shape. The identifier can be an e-mail address, a phone number or any other text. */
export const toUserResponse = (user: UserRow, passkeys: readonly Passkey[] = []) => ({
  id: formatId(user.id),
  identifier: user.identifier,
  identifier_origin: user.origin,
  ...toContact(user.identifier),
  external_id: '',
  status: user.status,
  ...(user.app_id === CONSOLE_APP_ID && { role: user.role ?? 'owner' }),
  created_at: toIso(user.created_at),
  updated_at: toIso(user.updated_at),
  last_login_at: toIso(user.last_login_at ?? NEVER),
  login_count: user.login_count,
  user_metadata: JSON.parse(user.metadata) as Record<string, unknown>,
  webauthn: user.passkeys > 0,
  webauthn_types: user.passkeys > 0 ? ['passkey'] : [],
  webauthn_devices: passkeys.map(toPasskeyResponse),
  recent_events: [],
  social_connections: {},
})

export const toPasskeyResponse = (passkey: Passkey) => ({
  id: passkey.id,
  cred_id: passkey.id,
  friendly_name: passkey.name || 'Passkey',
  type: 'passkey',
  icons: { light: null, dark: null },
  usage_count: passkey.uses,
  created_at: toIso(passkey.created_at),
  updated_at: toIso(passkey.last_used_at ?? passkey.created_at),
  // A passkey that has not signed in yet was used when it was made.
  last_login_at: toIso(passkey.last_used_at ?? passkey.created_at),
})

export const toInvitationResponse = (row: InvitationRow): Invitation => ({
  id: formatId(row.id),
  ...(row.user_id && { user_id: formatId(row.user_id) }),
  ...(row.identifier !== null && { identifier: row.identifier }),
  ...(row.role !== null && { role: row.role }),
  created_by: row.created_by,
  ...(row.maker_name !== null && { created_by_name: row.maker_name }),
  created_at: toSeconds(row.created_at),
  expires_at: toSeconds(row.expires_at),
})

export const toSessionResponse = (session: Session, app: App, current?: Buffer): SessionOfUser => ({
  id: formatId(session.id),
  ...(session.ip && { ip: session.ip }),
  ...(session.user_agent && { user_agent: session.user_agent }),
  created_at: toSeconds(session.created_at),
  last_active_at: toSeconds(session.active_at),
  ...toExpirations(session, app),
  ...(session.jkt !== null && { jkt: session.jkt }),
  ...(current?.equals(session.id) && { current: true }),
})

export const toSigningKeyResponse = (key: SigningKeyRow): SigningKey => ({
  kid: key.kid,
  alg: key.alg,
  state: key.state,
  created_at: toSeconds(key.created_at),
  ...(key.activates_at !== null && { activates_at: toSeconds(key.activates_at) }),
  ...(key.retires_at !== null && { retires_at: toSeconds(key.retires_at) }),
})

export const toApiKeyResponse = (key: ApiKeyRow): ApiKey => ({
  id: formatId(key.id),
  name: key.name,
  created_at: toSeconds(key.created_at),
  ...(key.last_used_at !== null && { last_used_at: toSeconds(key.last_used_at) }),
  ...(key.last_used_from !== null && { last_used_from: key.last_used_from }),
  hint: key.hint,
  ...(key.scopes !== null && { scopes: JSON.parse(key.scopes) as Scope[] }),
  ...(key.expires_at !== null && { expires_at: toSeconds(key.expires_at) }),
  addresses: JSON.parse(key.addresses) as string[],
})

export const toEventResponse = (event: EventRow): Event => ({
  id: String(event.id),
  at: toSeconds(event.at),
  type: event.type,
  ...(event.user_id && { user_id: formatId(event.user_id) }),
  ...(event.identifier !== null && { identifier: event.identifier }),
  ...(event.session_id && { session_id: formatId(event.session_id) }),
  ...(event.actor !== null && { actor: event.actor }),
  ...(event.actor_name !== null && { actor_name: event.actor_name }),
  ...(event.ip !== null && { ip: event.ip }),
  ...(event.user_agent !== null && { user_agent: event.user_agent }),
  ...(event.request_id !== null && { request_id: event.request_id }),
  ...(event.data !== null && { data: JSON.parse(event.data) as Record<string, unknown> }),
})

export const toWebhookResponse = (
  row: Pick<WebhookRow, 'id' | 'url' | 'types' | 'created_at' | 'active'>,
): Webhook => ({
  id: formatId(row.id),
  url: row.url,
  types: JSON.parse(row.types) as Webhook['types'],
  created_at: toSeconds(row.created_at),
  active: row.active === 1,
})

export const toDeliveryResponse = (row: DeliveryRow): Delivery => {
  const isDelivered = row.status !== null && row.status >= 200 && row.status < 300
  return {
    id: `msg_${row.id}`,
    event_id: String(row.event_id),
    type: row.type,
    state: row.next_at !== null ? 'waiting' : isDelivered ? 'delivered' : 'failed',
    attempts: row.attempts,
    ...(row.last_at !== null && { last_attempt_at: toSeconds(row.last_at) }),
    ...(row.next_at !== null && { next_attempt_at: toSeconds(row.next_at) }),
    ...(row.status !== null && { status: row.status }),
    ...(row.error !== null && { error: row.error }),
  }
}

export const toPointResponse = ({ at, live_sessions, ...counts }: PointRow): Point => ({
  at: toSeconds(at),
  ...counts,
  ...(live_sessions !== null && { live_sessions }),
})
