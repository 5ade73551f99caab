import type { Config } from './config.ts'

interface User {
  readonly id: string
}

interface Session {
  readonly id: string
  /** Milliseconds since the epoch: the session server counts in seconds. */
  readonly created_at: number
  readonly last_active_at: number
}

/** An answer of the management API that was not the one hoped for. */
class ManagementError extends Error {
  override readonly name = 'ManagementError'
}

/** What this backend asks of the session server, with its API key. */
export const managementOf = ({ url, appId, apiKey }: Config) => {
  const call = async (method: string, path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${url}/v1/apps/${appId}${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new ManagementError(`${method} ${path.split('?')[0]} answered ${response.status}`)
    return response
  }
  const at = (userId: string) => `/users/${encodeURIComponent(userId)}`

  const find = async (identifier: string): Promise<User | undefined> => {
    const response = await call('GET', `/users?identifier=${encodeURIComponent(identifier)}`)
    const { users } = (await response.json()) as { users: readonly User[] }
    return users[0]
  }
  const create = async (identifier: string): Promise<User> => {
    const { user } = (await (await call('POST', '/users', { identifier })).json()) as { user: User }
    return user
  }

  return {
    /** Starts a session for a user whom this backend has signed in by its own means. */
    async startSession(identifier: string): Promise<unknown> {
      const { id } = (await find(identifier)) ?? (await create(identifier))
      const response = await call('POST', `${at(id)}/sessions`, {})
      return ((await response.json()) as { auth_result: unknown }).auth_result
    },
    async sessions(userId: string): Promise<readonly Session[]> {
      const response = await call('GET', `${at(userId)}/sessions`)
      const { sessions } = (await response.json()) as { sessions: readonly Session[] }
      return sessions.map(({ id, created_at, last_active_at }) => ({
        id,
        created_at: created_at * 1000,
        last_active_at: last_active_at * 1000,
      }))
    },
    async endAllSessions(userId: string): Promise<void> {
      await call('DELETE', `${at(userId)}/tokens`)
    },
  }
}
