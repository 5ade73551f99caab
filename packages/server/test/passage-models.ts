/**
 * What the models of Passage's SDKs for Python 3.0.2, Go 2.1.2 and Ruby 1.0.3, and for an app Python 2.6.0, demand of an
 * answer: the names and types of its fields. Only facts are taken from there. `?`: the field can be absent. `null`: the value can be
 * null. A type with a capital letter is another model.
 */
const models = {
  UserResponse: { user: 'PassageUser' },
  PassageUser: {
    created_at: 'time',
    email: 'string',
    email_verified: 'boolean',
    external_id: 'string',
    id: 'string',
    last_login_at: 'time',
    login_count: 'integer',
    phone: 'string',
    phone_verified: 'boolean',
    recent_events: 'UserRecentEvent[]',
    social_connections: 'object',
    status: 'active|inactive|pending',
    updated_at: 'time',
    user_metadata: 'object null',
    webauthn: 'boolean',
    webauthn_devices: 'WebAuthnDevices[]',
    webauthn_types: 'passkey|security_key|platform[]',
  },
  UserRecentEvent: {
    created_at: 'time',
    completed_at: 'time null',
    id: 'string',
    ip_addr: 'string',
    status: 'complete|incomplete',
    type: 'string',
    user_agent: 'string',
    user_agent_display: 'string',
    action: 'register|login|other',
    social_login_type: 'apple|github|google null',
  },
  WebAuthnDevices: {
    created_at: 'time',
    cred_id: 'string',
    friendly_name: 'string',
    id: 'string',
    last_login_at: 'time',
    type: 'passkey|security_key|platform',
    updated_at: 'time',
    usage_count: 'integer',
    icons: 'WebAuthnIcons',
  },
  WebAuthnIcons: { light: 'string null', dark: 'string null' },
  ListDevicesResponse: { devices: 'WebAuthnDevices[]' },
  ListPaginatedUsersResponse: {
    _links: 'PaginatedLinks',
    created_before: 'integer',
    limit: 'integer',
    page: 'integer',
    total_users: 'integer',
    users: 'ListPaginatedUsersItem[]',
  },
  ListPaginatedUsersItem: {
    created_at: 'time',
    email: 'string',
    email_verified: 'boolean',
    external_id: 'string',
    id: 'string',
    last_login_at: 'time',
    login_count: 'integer',
    phone: 'string',
    phone_verified: 'boolean',
    status: 'active|inactive|pending',
    updated_at: 'time',
    user_metadata: 'object null',
  },
  PaginatedLinks: { first: 'Link', last: 'Link', next: 'Link', previous: 'Link', self: 'Link' },
  Link: { href: 'string' },
  AppResponse: { app: 'AppInfo' },
  AppInfo: {
    additional_auth_origins: 'string[]',
    allowed_callback_urls: 'string[]',
    allowed_identifier: 'string',
    allowed_logout_urls: 'string[]',
    application_login_uri: 'string',
    auth_fallback_method: 'string',
    auth_fallback_method_ttl: 'integer',
    auth_methods: 'AuthMethods',
    auth_origin: 'string',
    auto_theme_enabled: 'boolean',
    created_at: 'time',
    default_language: 'string',
    id: 'string',
    layouts: 'Layouts',
    login_url: 'string',
    light_logo_url: 'string ?',
    dark_logo_url: 'string ?',
    name: 'string',
    hosted: 'boolean',
    hosted_subdomain: 'string',
    hosted_theme: 'auto|light|dark',
    id_token_lifetime: 'integer ?',
    passage_branding: 'boolean',
    profile_management: 'boolean',
    public_signup: 'boolean',
    redirect_url: 'string',
    refresh_absolute_lifetime: 'integer',
    refresh_enabled: 'boolean',
    refresh_inactivity_lifetime: 'integer',
    require_email_verification: 'boolean',
    require_identifier_verification: 'boolean',
    required_identifier: 'string',
    role: 'string',
    rsa_public_key: 'string',
    secret: 'string ?',
    session_timeout_length: 'integer',
    type: 'complete|flex',
    user_metadata_schema: 'UserMetadataField[]',
    technologies: 'react|go|vue|angular|python|javascript|ios|android[]',
    element_customization: 'object',
    element_customization_dark: 'object',
  },
  AuthMethods: { passkeys: 'PasskeysAuthMethod', otp: 'TimedAuthMethod', magic_link: 'TimedAuthMethod' },
  PasskeysAuthMethod: { enabled: 'boolean' },
  TimedAuthMethod: { enabled: 'boolean', ttl: 'integer', ttl_display_unit: 's|m|h|d' },
  Layouts: { profile: 'LayoutConfig[]', registration: 'LayoutConfig[]' },
  LayoutConfig: { h: 'integer', id: 'string', w: 'integer', x: 'integer', y: 'integer' },
  UserMetadataField: {
    field_name: 'string',
    friendly_name: 'string',
    id: 'string',
    profile: 'boolean',
    registration: 'boolean',
    type: 'string|boolean|integer|date|phone|email',
  },
  Model400Error: { code: 'invalid_request', error: 'string' },
  Model401Error: { code: 'invalid_access_token|invalid_nonce', error: 'string' },
  Model403Error: { code: 'operation_not_allowed', error: 'string' },
  Model404Error: { code: 'app_not_found|device_not_found|user_not_found', error: 'string' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

export type PassageModel = keyof typeof models
export const passageModels = Object.keys(models) as PassageModel[]

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const KINDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isSafeInteger,
  object: isObject,
  // RFC 3339, which is what Go reads.
  time: (value) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)) &&
    !Number.isNaN(Date.parse(String(value))),
}

function faultsOfValue(type: string, value: unknown, at: string): string[] {
  if (type.endsWith('[]')) {
    if (!Array.isArray(value)) return [`${at}: ${JSON.stringify(value)} is no array`]
    return value.flatMap((each, i) => faultsOfValue(type.slice(0, -2), each, `${at}[${i}]`))
  }
  if (type in models) return faultsOf(type as PassageModel, value, at)
  const fits = KINDS[type]?.(value) ?? type.split('|').includes(String(value))
  return fits ? [] : [`${at}: ${JSON.stringify(value)} is no ${type}`]
}

/** What a model would refuse in a value. Empty if it fits. */
export function faultsOf(model: PassageModel, value: unknown, at: string = model): string[] {
  if (!isObject(value)) return [`${at}: ${JSON.stringify(value)} is no object`]
  return Object.entries(models[model]).flatMap(([name, demanded]) => {
    const [type, mark] = demanded.split(' ') as [string, string?]
    const each = value[name]
    if (each === undefined) return mark === '?' ? [] : [`${at}.${name}: is missing`]
    if (each === null && mark === 'null') return []
    return faultsOfValue(type, each, `${at}.${name}`)
  })
}
