import type { Config } from './config.ts'

interface User {
  readonly id: string
}

/** An answer of the management API that was not the one hoped for. */
class ManagementError extends Error {
  override readonly name = 'ManagementError'
}

/** Starts sessions for users whom this backend has signed in by its own means. */
export const sessionsOf = ({ url, appId, apiKey }: Config) => {
  const call = async (path: string, body?: object): Promise<Response> => {
    const response = await fetch(`${url}/v1/apps/${appId}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(10_000),
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new ManagementError(`${path.split('?')[0]} answered ${response.status}`)
    return response
  }

  const find = async (identifier: string): Promise<User | undefined> => {
    const response = await call(`/users?identifier=${encodeURIComponent(identifier)}`)
    const { users } = (await response.json()) as { users: readonly User[] }
    return users[0]
  }

  const create = async (identifier: string): Promise<User> => {
    const { user } = (await (await call('/users', { identifier })).json()) as { user: User }
    return user
  }

  return async (identifier: string): Promise<unknown> => {
    const user = (await find(identifier)) ?? (await create(identifier))
    const response = await call(`/users/${encodeURIComponent(user.id)}/sessions`, {})
    const { auth_result } = (await response.json()) as { auth_result: unknown }
    return auth_result
  }
}
