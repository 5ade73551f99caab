import type { AuthResult, Backend } from '@tokenkeep/backend'

/** Tells whether somebody can sign in under this name. */
export const isName = (name: unknown): name is string =>
  typeof name === 'string' && name.trim() !== '' && name.length <= 200

/** Starts a session for a user whom this backend has already identified. */
export async function startSession({ users }: Backend, identifier: string): Promise<AuthResult> {
  const known = await users.getByIdentifier(identifier)
  // A stranger can sign up under any name. This backend vouches for the name of a user that it adds, and so takes the name from that stranger.
  const isVouched = known?.identifier_origin === 'vouched'
  const { id } = isVouched ? known : await users.create({ identifier })
  return users.createSession(id)
}

/** Returns a user's live sessions. Times are in milliseconds since the epoch. */
export async function sessionsOf({ users }: Backend, userId: string, current: string) {
  const sessions = await users.listSessions(userId)
  return sessions.map(({ id, created_at, last_active_at }) => ({
    id,
    created_at: created_at * 1000,
    last_active_at: last_active_at * 1000,
    current: id === current,
  }))
}
