// What providers answer at their token endpoints when a refresh brings no token. Each field names the public source in
// which it was read, or says that it is assumed.

export interface ProviderAnswer {
  readonly provider: string
  readonly to:
    | 'a dead refresh token'
    | 'a used refresh token'
    | 'too many requests'
    | 'an outage'
    | 'a user who must act'
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  /** What it means for the session. */
  readonly means: 'over' | 'throttled' | 'unreachable' | 'sign-in-required'
  /** Where each field was read. */
  readonly source: { readonly status: string; readonly body: string; readonly headers?: string }
}

const assumed = 'assumed'
const github = (thread: string): string => {
  const [repository, number] = thread.split('#')
  return `https://github.com/${repository}/issues/${number}`
}
/** Both fields were read in one place. */
const both = (source: string): ProviderAnswer['source'] => ({ status: source, body: source })

const json = (error: string, error_description?: string, more?: object): string =>
  JSON.stringify({ error, error_description, ...more })

const answer = (
  provider: string,
  to: ProviderAnswer['to'],
  means: ProviderAnswer['means'],
  status: number,
  body: string,
  source: ProviderAnswer['source'],
  headers?: Record<string, string>,
): ProviderAnswer => ({ provider, to, means, status, body, source, ...(headers && { headers }) })

const dead = 'a dead refresh token'
const used = 'a used refresh token'
const act = 'a user who must act'
const limit = 'too many requests'
const outage = 'an outage'

const known: readonly ProviderAnswer[] = [
  answer('Auth0', dead, 'over', 403, json('invalid_grant', 'Unknown or invalid refresh token.'), {
    status: 'https://community.auth0.com/t/120406',
    body: github('auth0/Auth0.swift#819'),
  }),
  answer('Auth0', act, 'sign-in-required', 403, json('mfa_required', 'Multifactor authentication required'), {
    status: assumed,
    body: 'https://github.com/auth0/Auth0.swift, isMultifactorRequired (the code); the description is assumed',
  }),
  answer('Auth0', act, 'sign-in-required', 403, json('access_denied'), both(assumed)),
  answer('Auth0', limit, 'throttled', 429, json('too_many_requests'), both(assumed)),
  answer('Okta', dead, 'over', 400, json('invalid_grant', 'The refresh token is invalid or expired.'), {
    status: github('okta/okta-oidc-android#332'),
    body: github('okta/okta-react-native#109'),
  }),
  answer(
    'Okta',
    limit,
    'throttled',
    429,
    '{"errorCode":"E0000047","errorSummary":"API call exceeded rate limit due to too many requests."}',
    both(assumed),
    { 'x-rate-limit-reset': '1784721660' },
  ),
  answer(
    'Entra ID',
    act,
    'sign-in-required',
    400,
    json('interaction_required', 'AADSTS50076: Due to a configuration change made by your administrator, …'),
    both(github('microsoft/vscode-azureappservice#2592')),
  ),
  answer('Entra ID', act, 'sign-in-required', 400, json('interaction_required', 'AADSTS50079: …'), {
    status: assumed,
    body: github('FormidableLabs/react-native-app-auth#309'),
  }),
  answer(
    'Entra ID',
    dead,
    'over',
    400,
    json('invalid_grant', 'AADSTS700082: The refresh token has expired …'),
    {
      status: assumed,
      body: github('microsoft/azuredatastudio#24423'),
    },
  ),
  answer(
    'Entra ID',
    dead,
    'over',
    400,
    json('invalid_grant', 'AADSTS700084: The refresh token was issued …'),
    {
      status: assumed,
      body: github('MicrosoftDocs/azure-docs#80862'),
    },
  ),
  answer(
    'Keycloak',
    dead,
    'over',
    400,
    json('invalid_grant', 'Token is not active'),
    both(github('keycloak/keycloak#39266')),
  ),
  answer(
    'Keycloak',
    used,
    'over',
    400,
    json('invalid_grant', 'Maximum allowed refresh token reuse exceeded'),
    {
      status: assumed,
      body: 'https://github.com/keycloak/keycloak, TokenManager.java',
    },
  ),
  answer('Cognito', dead, 'over', 400, json('invalid_grant'), both(github('aws/aws-sdk-js#3836'))),
  answer('Google', dead, 'over', 400, json('invalid_grant', 'Token has been expired or revoked.'), {
    status: github('google/gmail-oauth2-tools#29'),
    body: github('porjo/youtubeuploader#181'),
  }),
  answer(
    'Google',
    act,
    'over',
    400,
    json('invalid_grant', 'reauth related error (invalid_rapt)', { error_subtype: 'invalid_rapt' }),
    both(assumed),
  ),
  answer('Google', limit, 'throttled', 403, json('rate_limit_exceeded'), both(assumed)),
  answer('Zitadel', used, 'over', 400, json('invalid_grant', 'Errors.OIDCSession.RefreshTokenInvalid'), {
    status: assumed,
    body: 'https://github.com/zitadel/zitadel, oidc_session_model.go (the description)',
  }),
  answer(
    'Zitadel',
    used,
    'over',
    400,
    json('invalid_request', 'Errors.OIDCSession.RefreshTokenInvalid'),
    both(assumed),
  ),
  answer(
    'Logto',
    dead,
    'over',
    400,
    json('invalid_grant', 'grant request is invalid', { code: 'oidc.invalid_grant' }),
    { status: assumed, body: `${github('logto-io/js#503')} (the error); the rest is assumed` },
  ),
  answer(
    'FusionAuth',
    dead,
    'over',
    400,
    json('invalid_grant', 'The refresh_token is invalid.', { error_reason: 'refresh_token_not_found' }),
    { status: assumed, body: github('FusionAuth/fusionauth-issues#1796') },
  ),
  ...[
    'refresh_token_not_found',
    'refresh_token_already_used',
    'session_not_found',
    'session_expired',
    'user_banned',
  ].map((error_code) =>
    answer(
      'Supabase',
      error_code.endsWith('used') ? used : dead,
      'over',
      400,
      JSON.stringify({ code: 400, error_code, msg: '' }),
      {
        status: github('supabase/supabase-flutter#662'),
        body: 'https://github.com/supabase/auth, internal/api/apierrors/errorcode.go (the code); the shape is assumed',
      },
    ),
  ),
  answer(
    'Supabase',
    limit,
    'throttled',
    429,
    '{"code":429,"error_code":"over_request_rate_limit","msg":""}',
    {
      status: github('ginlix-ai/LangAlpha#379'),
      body: 'https://github.com/supabase/auth, internal/api/apierrors/errorcode.go (the code); the shape is assumed',
    },
  ),
  ...['TOKEN_EXPIRED', 'USER_DISABLED', 'USER_NOT_FOUND'].map((message) =>
    answer(
      'Firebase',
      dead,
      'over',
      400,
      JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
      {
        status: assumed,
        body: 'https://github.com/firebase/firebase-js-sdk, packages/auth/src/api/errors.ts; `status` is assumed',
      },
    ),
  ),
  answer(
    'Firebase',
    dead,
    'over',
    400,
    '{"error":{"code":400,"message":"INVALID_REFRESH_TOKEN"}}',
    both(assumed),
  ),
  answer(
    'Firebase',
    limit,
    'throttled',
    400,
    '{"error":{"code":400,"message":"TOO_MANY_ATTEMPTS_TRY_LATER"}}',
    {
      status: assumed,
      body: 'https://github.com/firebase/firebase-js-sdk, packages/auth/src/api/errors.ts',
    },
  ),
  answer(
    'GitHub',
    dead,
    'over',
    200,
    json('bad_refresh_token', 'The refresh token passed is incorrect or expired.'),
    both(github('interlink-hq/interLink#262')),
  ),
  answer(
    'Ory Hydra',
    dead,
    'over',
    400,
    json('invalid_grant', 'The refresh token has not been found: not_found'),
    both(github('ory/hydra#2645')),
  ),
  answer(
    'Ory Hydra',
    used,
    'over',
    401,
    json('token_inactive', 'Token is inactive because it is malformed, expired …'),
    {
      status: github('ory/hydra#3004'),
      body: `${github('ory/hydra#3004')} (the error); the description is assumed`,
    },
  ),
  answer('Duende', dead, 'over', 400, json('invalid_grant'), {
    status: github('DuendeArchive/Support#1401'),
    body: github('DuendeArchive/IdentityServer4#5171'),
  }),
  answer('Spring Authorization Server', dead, 'over', 400, json('invalid_grant'), {
    status: assumed,
    body: github('spring-attic/spring-authorization-server#1139'),
  }),
  answer('oidc-provider', dead, 'over', 400, json('invalid_grant', 'grant request is invalid'), {
    status: 'https://github.com/panva/node-oidc-provider, lib/helpers/errors.js',
    body: github('panva/openid-client#110'),
  }),
  answer(
    'Authentik',
    dead,
    'over',
    400,
    json(
      'invalid_grant',
      'The provided authorization grant or refresh token is invalid, expired, revoked, …',
    ),
    { status: assumed, body: github('coder/coder#9268') },
  ),
  answer(
    'Better Auth',
    dead,
    'over',
    400,
    json('invalid_request', 'session not found'),
    both(github('better-auth/better-auth#8099')),
  ),
  answer(
    'Matrix Authentication Service',
    dead,
    'over',
    400,
    json('invalid_grant', 'The provided access grant is invalid, expired, or revoked.'),
    both(github('matrix-org/matrix-rust-sdk#2476')),
  ),
  answer('Intuit', dead, 'over', 400, json('invalid_grant'), both(github('intuit/oauth-jsclient#77'))),
  answer(
    'EVE Online',
    outage,
    'unreachable',
    500,
    '{"Message":"An error has occurred."}',
    both(github('ccpgames/sso-issues#58')),
  ),
]

/** Answers that no public source shows. Each provider's test gets them too. */
const assumedOf = (provider: string): readonly ProviderAnswer[] => [
  answer(
    provider,
    limit,
    'throttled',
    429,
    '',
    { ...both(assumed), headers: assumed },
    { 'retry-after': '30' },
  ),
  answer(provider, outage, 'unreachable', 500, json('server_error'), both(assumed)),
  answer(provider, outage, 'unreachable', 400, json('temporarily_unavailable'), both(assumed)),
  answer(provider, outage, 'unreachable', 502, '<html>Bad Gateway</html>', both(assumed)),
  answer(provider, outage, 'unreachable', 503, json('invalid_grant'), both(assumed)),
  answer(provider, act, 'sign-in-required', 400, json('login_required'), both(assumed)),
]

export const providerAnswers: readonly ProviderAnswer[] = [
  ...known,
  ...[...new Set(known.map(({ provider }) => provider))].flatMap(assumedOf),
]
