import type { App } from '../store/apps.ts'

// What Passage's clients read and this server has no setting for. Without these fields, their element stays blank and the
// models of their SDKs fail.

/** The fields of an app that Passage's element and SDKs read. */
export const toPassageApp = ({ user_metadata_schema: fields }: App) => ({
  login_url: '/',
  rsa_public_key: '',
  allowed_identifier: 'both',
  required_identifier: 'either',
  require_email_verification: false,
  require_identifier_verification: false,
  default_language: 'en',
  profile_management: fields.length > 0,
  passage_branding: false,
  ephemeral: false,
  auth_fallback_method: 'none',
  auth_fallback_method_ttl: 0,
  user_metadata_schema: fields.map((field) => ({
    ...field,
    id: field.field_name,
    profile: true,
    registration: false,
  })),
  // Their grid has six columns: two fields are side by side.
  layouts: {
    profile: fields.map(({ field_name }, i) => ({
      id: field_name,
      x: (i % 2) * 3,
      y: Math.floor(i / 2),
      w: 3,
      h: 1,
    })),
    registration: [],
  },
  element_customization: {},
  element_customization_dark: {},
  auth_methods: { passkeys: {} },
  social_connections: {},
})

const NO_METHOD = { enabled: false, ttl: 300, ttl_display_unit: 'm' } as const

/** The fields that the SDKs read with an API key. */
export const toManagedPassageApp = (app: App) => ({
  ...toPassageApp(app),
  allowed_callback_urls: [],
  allowed_logout_urls: [],
  application_login_uri: '',
  auth_methods: { passkeys: { enabled: true }, otp: NO_METHOD, magic_link: NO_METHOD },
  auto_theme_enabled: false,
  created_at: new Date(app.created_at).toISOString(),
  hosted: false,
  hosted_subdomain: '',
  hosted_theme: 'auto',
  role: '',
  technologies: [],
  type: 'complete',
})
