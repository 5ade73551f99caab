import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** What differs from a provider that follows the rules. */
export interface Quirks {
  /** Claims of the id token; undefined removes one. */
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: object
  /** Fields of the token response; undefined removes one. */
  readonly tokens?: Readonly<Record<string, unknown>>
  readonly status?: number
  /** Instead of a token response. */
  readonly body?: string
  /** Fields of the metadata; undefined removes one. */
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly metadataStatus?: number
  /** Parameters of the callback; undefined removes one. */
  readonly callback?: Readonly<Record<string, string | undefined>>
  /** How far the provider's clock is ahead. Seconds. */
  readonly ahead?: number
  /** The answer of the userinfo endpoint. Default: the claims of the user. */
  readonly userInfo?: { readonly status?: number; readonly body?: string; readonly type?: string }
  /** The server has handled the request, but its answer is lost. */
  readonly losesAnswer?: boolean
}

export interface QuirkServer {
  readonly issuer: string
  quirks: Quirks
  /** The bodies that the token endpoint got. */
  readonly exchanged: URLSearchParams[]
  /** The `Authorization` headers that the userinfo endpoint got. */
  readonly asked: (string | undefined)[]
  /** Signs a user in at once. Returns the callback. */
  visit(url: string): string
}

/** A small provider that can break each rule. Its id tokens have no valid signature: they need none. */
export async function openQuirkServer(): Promise<QuirkServer> {
  let nonce = ''
  const world: QuirkServer = {
    issuer: '',
    quirks: {},
    exchanged: [],
    asked: [],
    visit(url) {
      const { searchParams: asked } = new URL(url)
      nonce = asked.get('nonce')!
      const callback = new URL(asked.get('redirect_uri')!)
      const parameters = { code: 'code-1', state: asked.get('state')!, ...world.quirks.callback }
      for (const [name, value] of Object.entries(parameters))
        if (value !== undefined) callback.searchParams.set(name, value)
      return callback.href
    },
  }
  const idToken = (): string => {
    const now = Math.floor(Date.now() / 1000) + (world.quirks.ahead ?? 0)
    const claims = {
      iss: world.issuer,
      sub: 'ada',
      aud: 'shop',
      iat: now,
      exp: now + 300,
      nonce,
      ...world.quirks.claims,
    }
    return `${base64({ alg: 'RS256', ...world.quirks.header })}.${base64(claims)}.${base64({})}`
  }
  const server = createServer(async (request, response) => {
    const answer = (body: unknown, status = 200, type = 'application/json'): void =>
      void response
        .writeHead(status, { 'content-type': type })
        .end(typeof body === 'string' ? body : JSON.stringify(body))
    const { quirks, issuer } = world
    if (request.url === '/.well-known/openid-configuration')
      return answer(
        {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          ...quirks.metadata,
        },
        quirks.metadataStatus,
      )
    if (request.url === '/userinfo') {
      world.asked.push(request.headers.authorization)
      const { status, body = { sub: 'ada', phone_number: '1' }, type } = quirks.userInfo ?? {}
      return answer(body, status, type)
    }
    if (request.method !== 'POST') return answer({}, 404)
    let body = ''
    for await (const chunk of request) body += String(chunk)
    world.exchanged.push(new URLSearchParams(body))
    if (quirks.losesAnswer) return void request.socket.destroy()
    const tokens = {
      access_token: 'at1',
      token_type: 'Bearer',
      expires_in: 300,
      refresh_token: 'rt1',
      id_token: idToken(),
      ...quirks.tokens,
    }
    return answer(quirks.body ?? tokens, quirks.status)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  Object.assign(world, { issuer: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return world
}
