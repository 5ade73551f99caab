import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createClientKey } from '../../test/client-key.ts'
import { claimedKey, verifyProof } from './dpop-proof.ts'

const method = 'POST'
const url = 'https://auth.example/v1/apps/demo/tokens'
const token = 'an.auth.token'
const keys = {
  ES256: await createClientKey('ES256'),
  EdDSA: await createClientKey('EdDSA'),
  Ed25519: await createClientKey('Ed25519'),
}
const key = keys.ES256
const verify = (text: string, request: object = {}) => verifyProof(text, { method, url, token, ...request })
function isRefused(text: string, request: object = {}): void {
  expect(verify(text, request), text).toEqual({ fault: expect.any(String) })
}
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a right proof', () => {
  it.each(Object.entries(keys))('with %s is verified, as by jose', async (_, { jkt, jwk, prove }) => {
    const text = await prove(method, url, { token, nonce: 'n', claims: { jti: 'j', iat: 7 } })
    expect(verify(text)).toEqual({ jkt, jti: 'j', iat: 7, nonce: 'n' })
    expect(claimedKey(text)).toBe(jkt)
    expect(await calculateJwkThumbprint(jwk)).toBe(jkt)
    await jwtVerify(text, EmbeddedJWK, { typ: 'dpop+jwt' })
  })

  it('can be for another spelling of the same URL', async () => {
    for (const htu of [
      'HTTPS://AUTH.example:443/v1/apps/demo/tokens',
      `${url}/`,
      `${url}?a=b#c`,
      'https://auth.example/v1/apps/x/../%64emo/tokens',
    ])
      expect(verify(await key.prove(method, htu, { token })), htu).toMatchObject({ jkt: key.jkt })
    const encoded = 'https://auth.example/a%2fb'
    expect(
      verify(await key.prove(method, 'https://auth.example/a%2Fb', { token }), { url: encoded }),
    ).toMatchObject({ jkt: key.jkt })
    isRefused(await key.prove(method, 'https://auth.example/a/b', { token }), { url: encoded })
  })

  it('needs no hash of a token where none is sent', async () => {
    expect(verify(await key.prove(method, url), { token: undefined })).toMatchObject({ jkt: key.jkt })
  })
})

describe('a wrong proof is refused (RFC 9449 section 4.3)', () => {
  it('with a claim that is missing, wrong, or of another type', async () => {
    const names = ['jti', 'htm', 'htu', 'iat', 'ath'] as const
    const wrong = fc.oneof(
      fc.constantFrom(undefined, null, true, {}, [], '', -0.5, 'x'),
      fc.string(),
      fc.array(fc.string(), { maxLength: 2 }),
    )
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), wrong, async (name, value) => {
        // A jti can be any text, and iat any number.
        fc.pre(!(name === 'jti' && typeof value === 'string' && value))
        fc.pre(!(name === 'iat' && typeof value === 'number'))
        isRefused(await key.prove(method, url, { token, claims: { [name]: value } }))
      }),
      { numRuns: 300 },
    )
    for (const nonce of [null, 1, {}, ['n']])
      isRefused(await key.prove(method, url, { token, claims: { nonce } }))
  })

  it('for another method, URL or token (T16)', async () => {
    for (const htm of ['GET', 'post', 'POST ', 'DELETE']) isRefused(await key.prove(htm, url, { token }))
    for (const htu of [
      'https://auth.example/v1/apps/demo/token',
      'https://auth.example/v1/apps/demo/tokens/x',
      'https://auth.example/v1/apps/DEMO/tokens',
      'http://auth.example/v1/apps/demo/tokens',
      'https://auth.example:444/v1/apps/demo/tokens',
      'https://auth.example.evil/v1/apps/demo/tokens',
      'https://evil.example/https://auth.example/v1/apps/demo/tokens',
      '/v1/apps/demo/tokens',
      'urn:x',
    ])
      isRefused(await key.prove(method, htu, { token }))
    isRefused(await key.prove(method, url, { token: 'another.auth.token' }))
    isRefused(await key.prove(method, url))
  })

  it('without a signature, with a symmetric one, or with that of another key (T18)', async () => {
    const claims = { jti: 'j', htm: method, htu: url, iat: 7 }
    isRefused(new UnsecuredJWT(claims).encode())
    const secret = Buffer.alloc(32, 1)
    const jwk = { kty: 'oct', k: secret.toString('base64url') }
    isRefused(
      await new SignJWT(claims).setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk }).sign(secret),
    )
    const [head, body] = (await key.prove(method, url, { token })).split('.') as [string, string]
    const [, , other] = (await keys.EdDSA.prove(method, url, { token })).split('.')
    isRefused(`${head}.${body}.${other}`)
    const text = await key.prove(method, url, { token, header: { jwk: (await createClientKey()).jwk } })
    isRefused(text)
    // Verified once, so its key is cached: the signature is still checked.
    const right = await key.prove(method, url, { token })
    expect(verify(right)).toMatchObject({ jkt: key.jkt })
    isRefused(`${right.slice(0, -4)}AAAA`)
  })

  it('with a header that is not one of a proof (T18)', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })
    for (const header of [
      { typ: undefined },
      { typ: 'JWT' },
      { typ: 7 },
      { jwk: undefined },
      { jwk: null },
      { jwk: 'x' },
      { jwk: [] },
      { jwk: rsa },
      { jwk: privateKey.export({ format: 'jwk' }) },
      { jwk: { ...key.jwk, d: 'AA' } },
      { jwk: { ...key.jwk, k: 'AA' } },
      { jwk: { ...key.jwk, crv: 'P-384' } },
      { jwk: { ...key.jwk, kty: 'OKP' } },
      { jwk: { ...key.jwk, x: `${key.jwk.x}=` } },
      { jwk: { ...key.jwk, y: key.jwk.x } },
      { jwk: { ...key.jwk, x: 7 } },
      { jwk: keys.EdDSA.jwk },
    ])
      isRefused(await key.prove(method, url, { token, header }))
    const [, body, signature] = (await key.prove(method, url, { token })).split('.')
    for (const header of [
      { typ: 'dpop+jwt', alg: 'none', jwk: key.jwk },
      { typ: 'dpop+jwt', alg: ['ES256'], jwk: key.jwk },
      { typ: 'dpop+jwt', alg: 'ES256', jwk: key.jwk, crit: ['exp'] },
      null,
      7,
      [],
    ])
      isRefused(`${base64url(header)}.${body}.${signature}`)
  })

  it('if it is not one JWT, or is too long (T18)', async () => {
    const text = await key.prove(method, url, { token })
    for (const each of ['', '.', '..', `${text}, ${text}`, `${text}.`, ` ${text}`, `${text}=`, 'ey.ey.ey'])
      isRefused(each)
    isRefused(await key.prove(method, url, { token, claims: { more: 'x'.repeat(5000) } }))
    fc.assert(fc.property(fc.string(), (each) => isRefused(each)))
    fc.assert(
      fc.property(fc.json(), fc.json(), (head, body) =>
        isRefused([head, body, ''].map((part) => Buffer.from(part).toString('base64url')).join('.')),
      ),
    )
  })
})
