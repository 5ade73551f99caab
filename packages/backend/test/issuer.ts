import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTHeaderParameters } from 'jose'
import { createBackend, type Backend, type BackendOptions } from '../src/index.ts'

const appId = 'demo'
const origin = 'https://app.example.com'

export interface Signer {
  readonly jwk: JWK
  readonly privateKey: CryptoKey
}

export async function makeSigner(kid: string, alg = 'EdDSA'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }, privateKey }
}

/** Replaces a session server, over HTTP. It can sign invalid tokens, which a real server never does. */
export class TestIssuer {
  readonly appId = appId
  readonly origin = origin
  readonly url: string
  /** How often the keys were fetched. */
  fetches = 0
  /** The published keys. */
  keys: readonly JWK[]
  /** The status of the response with the keys. */
  status = 200
  /** How long the server takes to answer. Milliseconds. */
  delay = 0
  readonly signer: Signer
  readonly #server: Server

  private constructor(server: Server, signer: Signer) {
    this.#server = server
    this.signer = signer
    this.keys = [signer.jwk]
    this.url = `http://localhost:${(server.address() as AddressInfo).port}`
  }

  static async start(alg?: string): Promise<TestIssuer> {
    const signer = await makeSigner('first', alg)
    const server = createServer(async (request, response) => {
      if (request.url !== `/v1/apps/${appId}/.well-known/jwks.json`) return response.writeHead(404).end()
      issuer.fetches += 1
      if (issuer.delay) await new Promise((resolve) => setTimeout(resolve, issuer.delay))
      response.writeHead(issuer.status, { 'content-type': 'application/json' })
      return response.end(JSON.stringify({ keys: issuer.keys }))
    })
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
    const issuer = new TestIssuer(server, signer)
    return issuer
  }

  get issuer(): string {
    return `${this.url}/v1/apps/${appId}`
  }

  backend(options: Partial<BackendOptions> = {}): Backend {
    return createBackend({ url: this.url, appId, ...options })
  }

  claims(now = Date.now()): Record<string, unknown> {
    const iat = Math.floor(now / 1000)
    return {
      iss: this.issuer,
      sub: 'ada',
      sid: 'session',
      aud: [origin, appId],
      iat,
      nbf: iat,
      exp: iat + 300,
      jti: crypto.randomUUID(),
      auth_time: iat,
      epoch: 0,
    }
  }

  /** Signs a token that is valid, except for the given changes. */
  sign(
    claims: Record<string, unknown> = {},
    header: Partial<JWTHeaderParameters> = {},
    { jwk, privateKey }: Signer = this.signer,
  ): Promise<string> {
    const { alg = '', kid = '' } = jwk
    return new SignJWT({ ...this.claims(), ...claims })
      .setProtectedHeader({ alg, typ: 'JWT', kid, ...header })
      .sign(privateKey)
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
