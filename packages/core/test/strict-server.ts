// A session server as strict as the real one without its grace period.

/** Seconds an auth token of it lives. */
export const lifetime = 300

export interface Request {
  readonly method: string
  readonly headers: Headers
  readonly body: Record<string, string>
}

const jwt = (claims: object): string => `h.${btoa(JSON.stringify(claims)).replaceAll('=', '')}.s`

/** The current generation of each session, and the retryIds that used up the ones before. */
export class StrictServer {
  readonly sessions = new Map<string, { generation: number; retryIds: Map<number, string>; ended: boolean }>()
  readonly requests: Request[] = []
  alarms = 0
  rotations = 0
  #issued = 0

  signIn(user = 'u1') {
    const id = `s${this.sessions.size}`
    this.sessions.set(id, { generation: 0, retryIds: new Map(), ended: false })
    return this.#result(id, user)
  }

  #result(id: string, user = 'u1') {
    const now = Math.floor(Date.now() / 1000)
    const { generation } = this.sessions.get(id)!
    const token = jwt({ sub: user, sid: id, iat: now, exp: now + lifetime, jti: ++this.#issued })
    return {
      auth_token: token,
      auth_token_expires_in: lifetime,
      session_id: id,
      user_id: user,
      redirect_url: '/',
      refresh_token: `${id}:${generation}:${user}`,
    }
  }

  handle({ method, headers, body }: Request): Response {
    const [id, used, user] = (body['refresh_token'] ?? '').split(':')
    const session = this.sessions.get(id!)!
    const refused = Response.json({ code: 'invalid_refresh_token', reason: 'revoked' }, { status: 401 })
    if (method === 'DELETE') {
      session.ended = true
      return new Response()
    }
    if (session.ended) return refused
    const retryId = headers.get('idempotency-key')!
    if (Number(used) === session.generation) {
      session.retryIds.set(session.generation++, retryId)
      this.rotations += 1
    } else if (session.retryIds.get(Number(used)) !== retryId) {
      this.alarms += 1
      session.ended = true
      return refused
    } else if (Number(used) !== session.generation - 1) return refused
    return Response.json({ auth_result: this.#result(id!, user) }, { status: 201 })
  }
}
