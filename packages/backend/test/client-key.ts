import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

export interface Proof {
  readonly method?: string
  readonly url: string
  readonly token: string
  /** Members to replace. Undefined takes one away. */
  readonly header?: Readonly<Record<string, unknown>>
  readonly claims?: Readonly<Record<string, unknown>>
}

const withoutUndefined = (value: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined))

/** Makes a key of a client, and the claim that binds a token to it. */
export async function createClientKey(alg: 'ES256' | 'EdDSA' = 'ES256') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const prove = async ({ method = 'GET', url, token, header, claims }: Proof): Promise<string> => {
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))
    const all = {
      jti: crypto.randomUUID(),
      htm: method,
      htu: url,
      iat: Math.floor(Date.now() / 1000),
      ath: base64url.encode(new Uint8Array(hash)),
      ...claims,
    }
    return new SignJWT(withoutUndefined(all))
      .setProtectedHeader({ ...withoutUndefined({ typ: 'dpop+jwt', jwk, ...header }), alg })
      .sign(privateKey)
  }
  return { jwk, cnf: { jkt: await calculateJwkThumbprint(jwk) }, prove }
}
