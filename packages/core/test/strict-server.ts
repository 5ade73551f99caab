import { authResult } from './tokens.ts'

export interface Request {
  readonly method: string
  readonly headers: Headers
  readonly body: Record<string, string>
}

interface ServerSession {
  generation: number
  /** The retry id that used up each earlier generation. */
  readonly retryIds: Map<number, string>
  ended: boolean
  /** When a user was last active. Milliseconds since the Unix epoch. */
  activeAt: number
}

/**
 * A session server without a grace period, so stricter than the real one. It answers a repeated request with the same
 * successor if the retry id is the same, and treats any other use of an old refresh token as theft.
 */
export class StrictServer {
  readonly sessions = new Map<string, ServerSession>()
  readonly requests: Request[] = []
  /** How many times a used refresh token came with another retry id, or a client was displaced. */
  alarms = 0
  /** How many refreshes made a successor. */
  rotations = 0
  /** How long a session lives without activity. Seconds; 0: no limit. */
  inactivity = 0
  #issued = 0

  signIn(user = 'u1') {
    const id = `s${this.sessions.size}`
    this.sessions.set(id, { generation: 0, retryIds: new Map(), ended: false, activeAt: Date.now() })
    return this.#result(id, user)
  }

  #result(id: string, user: string) {
    const { generation } = this.sessions.get(id)!
    const result = authResult(id, user, `${id}:${generation}:${user}`, ++this.#issued)
    return this.inactivity ? { ...result, inactivity_expires_in: this.#left(id) / 1000 } : result
  }

  /** How long a session still lives without activity. Milliseconds. */
  #left(id: string): number {
    return this.sessions.get(id)!.activeAt + this.inactivity * 1000 - Date.now()
  }

  handle({ method, headers, body }: Request): Response {
    const [id = '', used, user = ''] = (body['refresh_token'] ?? '').split(':')
    const session = this.sessions.get(id)!
    if (method === 'DELETE') {
      if (body['reason'] === 'displaced' && !session.ended) this.alarms += 1
      session.ended = true
      return new Response()
    }
    if (session.ended) return refusal('revoked')
    if (this.inactivity && this.#left(id) <= 0) return refusal('inactive')
    if (body['activity'] !== 'background') session.activeAt = Date.now()
    const retryId = headers.get('idempotency-key')!
    if (Number(used) === session.generation) {
      session.retryIds.set(session.generation++, retryId)
      this.rotations += 1
    } else if (session.retryIds.get(Number(used)) !== retryId) {
      this.alarms += 1
      session.ended = true
      return refusal('revoked')
    } else if (Number(used) !== session.generation - 1) return superseded()
    return Response.json({ auth_result: this.#result(id, user) }, { status: 201 })
  }
}

/** The session server's answer to its own client's refresh, if the session has moved on since. */
export const superseded = (): Response => Response.json({ code: 'superseded', error: '' }, { status: 409 })

/** The session server's answer to a refresh of a session that is over. */
export const refusal = (reason?: unknown): Response =>
  Response.json({ code: 'invalid_refresh_token', error: '', reason }, { status: 401 })
