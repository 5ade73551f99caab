import type { AuthResult, NewUser, SessionOfUser, User, UserChange, UsersQuery } from '@tokenkeep/protocol'
import type { ManagementApi } from './management-api.ts'
import { isManagementError, type ManagementErrorCode } from './management-error.ts'

/** One page of the list. Pages count from 1. */
export interface UsersPage {
  readonly users: readonly User[]
  readonly total_users: number
  readonly page: number
  readonly limit: number
  /** Unix seconds: ask for the next page with it, and pages don't shift while people sign up. */
  readonly created_before: number
}

/**
 * An app's users. Looking up what is not there gives undefined; changing it rejects with a `ManagementError`
 * (`user_not_found`). What ends something (`delete`, `endSession`) is content where it has ended already.
 */
export interface Users {
  get(userId: string): Promise<User | undefined>
  getByIdentifier(identifier: string): Promise<User | undefined>
  list(query?: Partial<UsersQuery>): Promise<UsersPage>
  /** Rejects with `conflict` where the identifier is taken. */
  create(user: NewUser): Promise<User>
  update(userId: string, change: UserChange): Promise<User>
  /** Deletes the user and ends all their sessions. */
  delete(userId: string): Promise<void>
  /** Lets a deactivated user sign in again. Ended sessions stay ended. */
  activate(userId: string): Promise<User>
  /** Ends all the user's sessions, and lets them start no new one. */
  deactivate(userId: string): Promise<User>
  /** Revokes all the user's refresh tokens, and with them all their sessions, `except` for one. */
  revokeRefreshTokens(userId: string, options?: { readonly except?: string }): Promise<void>
  /** Starts a session, for a user whom the backend has signed in by its own means. */
  createSession(userId: string): Promise<AuthResult>
  /** The live ones. */
  listSessions(userId: string): Promise<readonly SessionOfUser[]>
  endSession(userId: string, sessionId: string): Promise<void>
}

export function createUsers(call: ManagementApi): Users {
  const at = (userId: string): string => `/users/${segment(userId)}`
  const user = async (answer: Promise<{ user: User }>): Promise<User> => (await answer).user

  return {
    get: async (userId) => unless('user_not_found', user(call('GET', at(userId)))),
    async getByIdentifier(identifier) {
      const { users } = await call<UsersPage>('GET', '/users', { query: { identifier, limit: 1 } })
      return users[0]
    },
    list: (query = {}) => call('GET', '/users', { query: { ...query } }),
    create: async (body) => user(call('POST', '/users', { body })),
    update: async (userId, body) => user(call('PATCH', at(userId), { body })),
    delete: async (userId) => unless('user_not_found', call('DELETE', at(userId))),
    activate: async (userId) => user(call('PATCH', `${at(userId)}/activate`, { idempotent: true })),
    deactivate: async (userId) => user(call('PATCH', `${at(userId)}/deactivate`, { idempotent: true })),
    async revokeRefreshTokens(userId, { except } = {}) {
      await call('DELETE', `${at(userId)}/tokens`, { query: { except } })
    },
    async createSession(userId) {
      const answer = await call<{ auth_result: AuthResult }>('POST', `${at(userId)}/sessions`, { body: {} })
      return answer.auth_result
    },
    async listSessions(userId) {
      return (await call<{ sessions: readonly SessionOfUser[] }>('GET', `${at(userId)}/sessions`)).sessions
    },
    endSession: async (userId, sessionId) =>
      unless('not_found', call('DELETE', `${at(userId)}/sessions/${segment(sessionId)}`)),
  }
}

/** One part of a path. Nothing, or dots, would make it another path: the list instead of the user. */
function segment(id: string): string {
  if (typeof id !== 'string' || /^\.{0,2}$/.test(id)) throw new TypeError('not an id')
  return encodeURIComponent(id)
}

/** Undefined instead of the one error that is an answer. */
async function unless<T>(code: ManagementErrorCode, answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isManagementError(error) && error.code === code) return undefined
    throw error
  }
}
