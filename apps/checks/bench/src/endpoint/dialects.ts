import type { Session } from '../peers/peer.ts'

export interface Asked {
  readonly path: string
  readonly fields: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

export interface Answer {
  readonly status: number
  readonly body: object | null
  /** The session cookie that the response sets. */
  readonly cookie?: string
}

/** How one kind of client requests a refresh, and which response it expects. */
export interface Dialect {
  /** Which requests are a refresh in this dialect. */
  readonly path: RegExp
  /** True if the request only looks the session up, so that its token stays the same. */
  readonly looksUp?: boolean
  token(asked: Asked): string | undefined
  retryId?(asked: Asked): string | undefined
  issued(session: Session, asked: Asked): Answer
  readonly refused: Answer
}

const oauthBody = (
  { accessToken, refreshToken, idToken, expiresIn }: Session,
  { fields }: Asked,
): object => ({
  access_token: accessToken,
  refresh_token: refreshToken,
  id_token: idToken,
  expires_in: expiresIn,
  refresh_expires_in: 86_400,
  token_type: 'Bearer',
  scope: fields['scope'] ?? 'openid offline_access',
})

const user = { object: 'user', id: 'ada', email: 'ada@example.com' }

/** The first dialect whose path matches is used. The last one is the dialect of RFC 6749. */
export const dialects: readonly Dialect[] = [
  {
    path: /^\/v1\/apps\/app\/tokens$/,
    token: ({ fields }) => fields['refresh_token'],
    retryId: ({ headers }) => headers['idempotency-key'] as string | undefined,
    issued: ({ accessToken, refreshToken, expiresIn }) => ({
      status: 201,
      body: {
        auth_result: {
          auth_token: accessToken,
          auth_token_expires_in: expiresIn,
          session_id: 'session',
          user_id: 'ada',
          redirect_url: '/',
          refresh_token: refreshToken,
        },
      },
    }),
    refused: { status: 401, body: { code: 'invalid_refresh_token', error: 'refused', reason: 'reused' } },
  },
  {
    // Supabase
    path: /^\/token$/,
    token: ({ fields }) => fields['refresh_token'],
    issued: (session, asked) => ({
      status: 200,
      body: {
        ...oauthBody(session, asked),
        user: { id: 'ada', aud: 'app', app_metadata: {}, user_metadata: {} },
      },
    }),
    refused: {
      status: 400,
      body: {
        code: 400,
        error_code: 'refresh_token_already_used',
        msg: 'Invalid Refresh Token: Already Used',
      },
    },
  },
  {
    // Firebase
    path: /^\/securetoken\.googleapis\.com\/v1\/token$/,
    token: ({ fields }) => fields['refresh_token'],
    issued: ({ accessToken, refreshToken, expiresIn }) => ({
      status: 200,
      body: {
        id_token: accessToken,
        access_token: accessToken,
        refresh_token: refreshToken,
        expires_in: String(expiresIn),
        token_type: 'Bearer',
        user_id: 'ada',
      },
    }),
    refused: {
      status: 400,
      body: { error: { code: 400, message: 'TOKEN_EXPIRED', status: 'INVALID_ARGUMENT' } },
    },
  },
  {
    // WorkOS
    path: /^\/user_management\/authenticate$/,
    token: ({ fields }) => fields['refresh_token'],
    issued: ({ accessToken, refreshToken }) => ({
      status: 200,
      body: {
        user,
        access_token: accessToken,
        refresh_token: refreshToken,
        authentication_method: 'Password',
      },
    }),
    refused: {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Refresh token already exchanged.' },
    },
  },
  {
    // better-auth
    path: /^\/api\/auth\/get-session$/,
    looksUp: true,
    token: ({ headers }) => /session=([^;]+)/.exec(String(headers['cookie']))?.[1],
    issued: ({ refreshToken }) => ({
      status: 200,
      body: { session: { id: 'session', token: refreshToken, userId: 'ada' }, user: { id: 'ada' } },
    }),
    refused: { status: 200, body: null },
  },
  {
    path: /\/token$/,
    token: ({ fields }) => (fields['grant_type'] === 'refresh_token' ? fields['refresh_token'] : undefined),
    issued: (session, asked) => ({ status: 200, body: oauthBody(session, asked) }),
    refused: {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
    },
  },
]
