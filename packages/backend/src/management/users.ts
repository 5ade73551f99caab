import type { AuthResult, NewUser, SessionOfUser, User, UserChange, UsersQuery } from '@tokenkeep/protocol'
import type { ManagementApi } from './management-api.ts'
import { isManagementError, type ManagementErrorCode } from './management-error.ts'

/** From where, when and how a person signs in. */
export interface Person {
  /** The IP address of the person, as your own server knows it. Default: that of the request to the session server. */
  readonly ip?: string | undefined
  /** The `User-Agent` of the person's browser. Default: that of this SDK. */
  readonly userAgent?: string | undefined
  /**
   * Binds the session to this key of the client (DPoP, RFC 9449), if the app binds sessions: its SHA-256 thumbprint in base64url
   * (RFC 7638). Default: the first refresh with a proof binds it.
   */
  readonly jkt?: string | undefined
  /** When the person authenticated, in Unix seconds: the claim `auth_time`. Default: now. */
  readonly authTime?: number | undefined
  /** How the person authenticated (RFC 8176), such as `['pwd', 'otp']`: the claim `amr`. Default: unknown. */
  readonly amr?: readonly string[] | undefined
  /** The class of the authentication (OpenID Connect Core section 2): the claim `acr`. Default: unknown. */
  readonly acr?: string | undefined
}

/** One page of users. */
export interface UsersPage {
  readonly users: readonly User[]
  /** The number of users on all pages. */
  readonly total_users: number
  /** Counts from 1. */
  readonly page: number
  /** The maximum number of users on a page. */
  readonly limit: number
  /** Unix seconds. Pass it on when you ask for the next page, so that pages do not shift while people sign up. */
  readonly created_before: number
}

/**
 * The users of an app. All functions reject with a `ManagementError` if the call fails. If the user does not exist,
 * functions with a `userId` reject with `user_not_found`, except `get` and `delete`.
 */
export interface Users {
  /** Resolves to the user, or to undefined if the user does not exist. */
  get(userId: string): Promise<User | undefined>
  /** Resolves to the user with this identifier, or to undefined if there is none. */
  getByIdentifier(identifier: string): Promise<User | undefined>
  /** Resolves to one page of users. Default: the first page, with up to 100 users, newest first. */
  list(query?: Partial<UsersQuery>): Promise<UsersPage>
  /** @throws ManagementError `conflict` if a user with this identifier exists */
  create(user: NewUser): Promise<User>
  /** Changes the named fields and leaves the others. */
  update(userId: string, change: UserChange): Promise<User>
  /** Deletes the user and ends all their sessions. Does nothing if the user does not exist. */
  delete(userId: string): Promise<void>
  /** Lets a deactivated user sign in again. Ended sessions stay ended. */
  activate(userId: string): Promise<User>
  /** Ends all sessions of the user. The user cannot sign in again until `activate`. */
  deactivate(userId: string): Promise<User>
  /**
   * Revokes all refresh tokens of the user and ends all their sessions. `except`: the id of a session that stays.
   *
   * @throws ManagementError `not_found` if `except` is not a live session of the user
   */
  revokeRefreshTokens(userId: string, options?: { readonly except?: string }): Promise<void>
  /**
   * Starts a session for a user whom your backend has signed in by itself. Send the result to the page, which passes it
   * to `signIn()` of `@tokenkeep/core`. Say from where the person comes: otherwise the session shows the address of your backend.
   *
   * @throws ManagementError `user_not_active` if the user is deactivated
   */
  createSession(userId: string, person?: Person): Promise<AuthResult>
  /** Resolves to the sessions that have not ended. */
  listSessions(userId: string): Promise<readonly SessionOfUser[]>
  /** Ends one session. Does nothing if it has ended already. */
  endSession(userId: string, sessionId: string): Promise<void>
}

export function createUsers(call: ManagementApi): Users {
  const pathOf = (userId: string): string => `/users/${pathSegment(userId)}`
  const userOf = async (body: Promise<{ user: User }>): Promise<User> => (await body).user

  return {
    get: async (userId) => undefinedIf('user_not_found', userOf(call('GET', pathOf(userId)))),
    async getByIdentifier(identifier) {
      const { users } = await call<UsersPage>('GET', '/users', { query: { identifier, limit: 1 } })
      return users[0]
    },
    list: (query = {}) => call('GET', '/users', { query: { ...query } }),
    create: async (body) => userOf(call('POST', '/users', { body })),
    update: async (userId, body) => userOf(call('PATCH', pathOf(userId), { body })),
    delete: async (userId) => undefinedIf('user_not_found', call('DELETE', pathOf(userId))),
    activate: async (userId) => userOf(call('PATCH', `${pathOf(userId)}/activate`, { idempotent: true })),
    deactivate: async (userId) => userOf(call('PATCH', `${pathOf(userId)}/deactivate`, { idempotent: true })),
    async revokeRefreshTokens(userId, { except } = {}) {
      await call('DELETE', `${pathOf(userId)}/tokens`, { query: { except } })
    },
    async createSession(userId, { userAgent, authTime, ...person } = {}) {
      const path = `${pathOf(userId)}/sessions`
      const body = { ...person, user_agent: userAgent, auth_time: authTime }
      return (await call<{ auth_result: AuthResult }>('POST', path, { body })).auth_result
    },
    async listSessions(userId) {
      const path = `${pathOf(userId)}/sessions`
      return (await call<{ sessions: readonly SessionOfUser[] }>('GET', path)).sessions
    },
    endSession: async (userId, sessionId) =>
      undefinedIf('not_found', call('DELETE', `${pathOf(userId)}/sessions/${pathSegment(sessionId)}`)),
  }
}

/** Encodes an id as one segment of a path. An empty id or dots would change the path, for example to the list of users. */
function pathSegment(id: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id))
    throw new TypeError('This is not an id. Pass the id of a user or of a session.')
  return encodeURIComponent(id)
}

/** Resolves to undefined if the call fails with this code. */
async function undefinedIf<T>(code: ManagementErrorCode, call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    if (isManagementError(error) && error.code === code) return undefined
    throw error
  }
}
