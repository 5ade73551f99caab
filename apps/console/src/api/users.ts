import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import type { Role, SessionOfUser, User, UserStatus } from '@tokenkeep/protocol'
import { consoleApp } from '../session.ts'
import { callApi, queryString } from './client.ts'

export type { SessionOfUser, User, UserStatus } from '@tokenkeep/protocol'

export interface UsersParams {
  readonly search?: string | undefined
  readonly status?: UserStatus | undefined
  readonly page: number
  readonly limit: number
  readonly order: string
}
interface UsersPage {
  readonly users: User[]
  readonly total_users: number
}

export const usersQuery = (app: string, { search, status, page, limit, order }: UsersParams) =>
  queryOptions({
    queryKey: ['users', app, { search, status, page, limit, order }],
    queryFn: ({ signal }) =>
      callApi<UsersPage>(`/${app}/users${queryString({ search, status, page, limit, order_by: order })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
  })

export const userQuery = (app: string, user: string) =>
  queryOptions({
    queryKey: ['user', app, user],
    queryFn: async ({ signal }) => (await callApi<{ user: User }>(`/${app}/users/${user}`, { signal })).user,
  })

/** How many sessions a page of the table has. */
export const SESSIONS_PER_PAGE = 20

export interface SessionsPage {
  readonly sessions: SessionOfUser[]
  /** The numbers of the user's live sessions on all pages, and of their devices. */
  readonly total_sessions: number
  readonly total_devices: number
}

export const sessionsQuery = (app: string, user: string, page = 1) =>
  queryOptions({
    queryKey: ['sessions', app, user, page],
    queryFn: ({ signal }) =>
      callApi<SessionsPage>(
        `/${app}/users/${user}/sessions${queryString({ page, limit: SESSIONS_PER_PAGE })}`,
        { signal },
      ),
    placeholderData: keepPreviousData,
  })

export interface Passkey {
  readonly id: string
  readonly friendly_name: string
  readonly created_at: string
  readonly last_login_at: string
  /** How many sign-ins it has made. */
  readonly usage_count: number
}
export const passkeysQuery = (app: string, user: string) =>
  queryOptions({
    queryKey: ['passkeys', app, user],
    queryFn: async ({ signal }) =>
      (await callApi<{ devices: Passkey[] }>(`/${app}/users/${user}/devices`, { signal })).devices,
  })

export const currentUserQuery = () =>
  queryOptions({
    queryKey: ['currentuser'],
    queryFn: async ({ signal }) =>
      (await callApi<{ user: User }>(`/${consoleApp}/currentuser`, { signal })).user,
  })

export const createUser = async (app: string, identifier: string): Promise<User> =>
  (await callApi<{ user: User }>(`/${app}/users`, { method: 'POST', body: { identifier } })).user
/** `user` is an administrator. */
export const changeRole = (app: string, user: string, role: Role): Promise<unknown> =>
  callApi(`/${app}/users/${user}`, { method: 'PATCH', body: { role } })
export const deleteUser = (app: string, user: string): Promise<void> =>
  callApi(`/${app}/users/${user}`, { method: 'DELETE' })
export const setStatus = (app: string, user: string, to: 'activate' | 'deactivate'): Promise<unknown> =>
  callApi(`/${app}/users/${user}/${to}`, { method: 'PATCH' })
/** Says that the user's identifier, which a stranger typed at a sign-up, is this user's. */
export const vouchForIdentifier = (app: string, user: string): Promise<unknown> =>
  callApi(`/${app}/users/${user}`, { method: 'PATCH', body: { identifier_origin: 'vouched' } })
export const revokeAll = (app: string, user: string): Promise<void> =>
  callApi(`/${app}/users/${user}/tokens`, { method: 'DELETE' })
export const endSession = (app: string, user: string, session: string): Promise<void> =>
  callApi(`/${app}/users/${user}/sessions/${session}`, { method: 'DELETE' })
export const removePasskey = (app: string, user: string, passkey: string): Promise<void> =>
  callApi(`/${app}/users/${user}/devices/${encodeURIComponent(passkey)}`, { method: 'DELETE' })
