import { createHash, createPublicKey, verify, type JsonWebKey } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { authResult } from './tokens.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
const decode = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>

/** Checks a proof by hand, as RFC 9449 section 4.3 says. Returns the thumbprint of its key and its claims. */
function readProof(text: string, method: string, url: string, token?: string) {
  const [head, body, signature] = text.split('.') as [string, string, string]
  const { typ, alg, jwk } = decode(head) as { typ: string; alg: string; jwk: JsonWebKey }
  const claims = decode(body)
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = Buffer.from(`${head}.${body}`)
  const bytes = Buffer.from(signature, 'base64url')
  const isRight =
    typ === 'dpop+jwt' &&
    alg === 'ES256' &&
    Object.keys(jwk).join() === 'kty,crv,x,y' &&
    claims['htm'] === method &&
    claims['htu'] === url &&
    claims['ath'] === (token === undefined ? undefined : sha256(token)) &&
    verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
  if (!isRight) throw new Error(`wrong proof: ${JSON.stringify(claims)}`)
  const { crv, kty, x, y } = jwk
  return { jkt: sha256(JSON.stringify({ crv, kty, x, y })), claims }
}

/** A session server and an API with DPoP, over HTTP. */
export async function openProofServer() {
  const world = {
    url: '',
    binding: 'preferred' as 'off' | 'preferred',
    /** What the server answers next, before it looks at a request. `lost`: it handles the request, and no answer comes. */
    faults: [] as ('lost' | 'nonce')[],
    nonce: undefined as string | undefined,
    /** The nonce that the API wants. */
    apiNonce: undefined as string | undefined,
    /** Whether each answer of the API has a new nonce, for the next request only. */
    rotates: false,
    jkt: undefined as string | undefined,
    token: undefined as string | undefined,
    /** The refreshes that arrived: the thumbprint of the key, and the jti. */
    refreshes: [] as { jkt: string | undefined; jti: unknown; retryId: unknown }[],
    calls: [] as { authorization: string | undefined; body: string; jkt: string | undefined }[],
    issued: 0,
    issue: () => {
      const number = ++world.issued
      const result = authResult('s1', 'u1', `rt${number}`, number)
      world.token = result.auth_token
      return { ...result, ...(world.jkt !== undefined && { token_type: 'DPoP' as const }) }
    },
  }
  const send = (response: ServerResponse, status: number, body: object, headers = {}): void =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))

  function refresh(request: IncomingMessage, response: ServerResponse): void {
    const text = request.headers['dpop'] as string | undefined
    const proof = text ? readProof(text, 'POST', world.url + request.url) : undefined
    const fault = world.faults.shift()
    const { jkt } = proof ?? {}
    world.refreshes.push({ jkt, jti: proof?.claims['jti'], retryId: request.headers['idempotency-key'] })
    if (fault === 'nonce') world.nonce = crypto.randomUUID()
    if (world.nonce !== undefined && proof && proof.claims['nonce'] !== world.nonce)
      return send(response, 400, { code: 'use_dpop_nonce' }, { 'dpop-nonce': world.nonce })
    if (world.jkt !== undefined && world.jkt !== jkt)
      return send(response, 400, { code: 'invalid_dpop_proof' })
    if (world.binding !== 'off') world.jkt ??= jkt
    if (fault === 'lost') return void response.destroy()
    send(response, 201, { auth_result: world.issue() })
  }

  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (request.url!.endsWith('/tokens'))
      return request.method === 'POST' ? refresh(request, response) : send(response, 200, {})
    const { authorization } = request.headers
    const token = authorization?.split(' ')[1] ?? ''
    const text = request.headers['dpop'] as string | undefined
    const path = request.url!.replace(/\?.*/, '')
    const proof = text ? readProof(text, request.method!, world.url + path, token) : undefined
    world.calls.push({ authorization, body, jkt: proof?.jkt })
    const wanted = world.apiNonce
    if (world.rotates) world.apiNonce = crypto.randomUUID()
    const headers = world.apiNonce === undefined ? {} : { 'dpop-nonce': world.apiNonce }
    if (wanted !== undefined && proof?.claims['nonce'] !== wanted) return send(response, 401, {}, headers)
    send(response, token === world.token ? 200 : 401, { body }, headers)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  world.url = `http://localhost:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return world
}
