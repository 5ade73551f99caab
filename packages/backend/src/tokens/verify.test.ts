import { generateKeyPair, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Backend } from '../index.ts'
import { makeSigner, TestIssuer } from '../../test/issuer.ts'

let issuer: TestIssuer
let backend: Backend
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
beforeEach(() => {
  backend = issuer.backend()
})
afterAll(() => issuer.stop())

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Resolves to the error code and the claim or code that jose reports, which proves that an attack failed for the expected reason. */
const refusal = (token: string) =>
  backend.verifyAuthToken(token).then(
    () => 'accepted',
    ({ code, cause }: { code: string; cause?: { code?: string; claim?: string } }) =>
      [code, cause?.claim ?? cause?.code].join(' '),
  )

describe('a valid token', () => {
  it('resolves to its user and session', async () => {
    const auth = await backend.verifyAuthToken(await issuer.sign())
    expect(auth).toMatchObject({ userId: 'ada', sessionId: 'session', claims: { iss: issuer.issuer } })
  })

  for (const alg of ['ES256', 'RS256'] as const) {
    it(`may be signed with ${alg}, unless the algorithms exclude it`, async () => {
      const signer = await makeSigner(alg, alg)
      issuer.keys = [issuer.signer.jwk, signer.jwk]
      const token = await issuer.sign({}, {}, signer)
      await expect(backend.verifyAuthToken(token)).resolves.toMatchObject({ userId: 'ada' })
      backend = issuer.backend({ algorithms: ['EdDSA'] })
      expect(await refusal(token)).toBe('token_invalid ERR_JOSE_ALG_NOT_ALLOWED')
    })
  }

  it('is accepted within the clock tolerance and not beyond', async () => {
    const now = Date.now()
    const at = (seconds: number) => issuer.backend({ now: () => now + seconds * 1000 })
    const token = await issuer.sign({ ...issuer.claims(now), exp: Math.floor(now / 1000) + 300 })
    await expect(at(304).verifyAuthToken(token)).resolves.toBeDefined()
    await expect(at(306).verifyAuthToken(token)).rejects.toMatchObject({ code: 'token_expired' })
    await expect(at(-4).verifyAuthToken(token)).resolves.toBeDefined()
    await expect(at(-6).verifyAuthToken(token)).rejects.toMatchObject({ code: 'token_invalid' })
  })
})

describe('rejects', () => {
  it('a token without a signature (alg none)', async () => {
    const unsecured = new UnsecuredJWT(issuer.claims()).encode()
    expect(await refusal(unsecured)).toBe('token_invalid ERR_JOSE_ALG_NOT_ALLOWED')
    const [, claims] = unsecured.split('.')
    for (const alg of ['none', 'None', 'NONE', ''])
      for (const signature of ['', 'AAAA'])
        expect(
          await refusal(`${base64url({ alg, typ: 'JWT', kid: 'first' })}.${claims}.${signature}`),
        ).toMatch(/^token_invalid ERR_JOSE_ALG_NOT_ALLOWED$|^token_invalid ERR_JWS_INVALID$/)
  })

  it('a token with a foreign signature, no signature or a changed claim', async () => {
    const [head, body, signature] = (await issuer.sign()).split('.') as [string, string, string]
    const [, , other] = (await issuer.sign({ sub: 'eve' })).split('.')
    for (const token of [
      `${head}.${body}.${other}`,
      `${head}.${base64url({ ...issuer.claims(), sub: 'eve' })}.${signature}`,
      `${head}.${body}.`,
    ])
      expect(await refusal(token)).toBe('token_invalid ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
  })

  it('an HMAC made with the public key as its secret (HS/RS confusion)', async () => {
    const rsa = await makeSigner('rsa', 'RS256')
    issuer.keys = [issuer.signer.jwk, rsa.jwk]
    const spki = Buffer.from(
      await crypto.subtle.exportKey(
        'spki',
        await crypto.subtle.importKey(
          'jwk',
          rsa.jwk as JsonWebKey,
          { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
          true,
          ['verify'],
        ),
      ),
    )
    const pem = `-----BEGIN PUBLIC KEY-----\n${spki.toString('base64')}\n-----END PUBLIC KEY-----\n`
    for (const secret of [spki, Buffer.from(pem), Buffer.from(JSON.stringify(rsa.jwk))]) {
      const { createHmac } = await import('node:crypto')
      const text = `${base64url({ alg: 'HS256', typ: 'JWT', kid: 'rsa' })}.${base64url(issuer.claims())}`
      const token = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
      expect(await refusal(token)).toBe('token_invalid ERR_JOSE_ALG_NOT_ALLOWED')
    }
  })

  it('a token of one algorithm that names the key of another', async () => {
    const rsa = await makeSigner('rsa', 'RS256')
    issuer.keys = [issuer.signer.jwk]
    const token = await issuer.sign({}, { kid: 'first' }, rsa)
    expect(await refusal(token)).toBe('token_invalid ERR_JWKS_NO_MATCHING_KEY')
  })

  it('a token with a wrong issuer, audience or type', async () => {
    expect(await refusal(await issuer.sign({ iss: 'https://evil.example' }))).toBe('token_invalid iss')
    expect(await refusal(await issuer.sign({ iss: `${issuer.issuer}/` }))).toBe('token_invalid iss')
    expect(await refusal(await issuer.sign({ aud: [issuer.origin] }))).toBe('token_invalid aud')
    expect(await refusal(await issuer.sign({ aud: ['https://evil.example', 'demo2'] }))).toBe(
      'token_invalid aud',
    )
    for (const typ of ['at+jwt', 'logout+jwt', 'refresh', undefined])
      expect(await refusal(await issuer.sign({}, { typ } as object))).toBe('token_invalid typ')
  })

  it('a token of another app on the same server', async () => {
    const token = await issuer.sign({
      iss: issuer.issuer.replace('demo', 'other'),
      aud: [issuer.origin, 'other'],
    })
    expect(await refusal(token)).toBe('token_invalid iss')
  })

  it('a token with the key inside it or with a link to its key', async () => {
    const evil = await makeSigner('first')
    const before = issuer.fetches
    const requested: string[] = []
    backend = issuer.backend({
      fetch: (input, init) => {
        requested.push(String(input))
        return fetch(input, init)
      },
    })
    for (const header of [
      { jwk: evil.jwk },
      { jku: 'https://evil.example/jwks.json' },
      { x5u: 'https://evil.example/cert.pem' },
      { x5c: ['MIIB'] },
    ])
      expect(await refusal(await issuer.sign({}, header as object, evil))).toBe(
        'token_invalid ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      )
    expect(requested).toEqual([`${issuer.issuer}/.well-known/jwks.json`])
    expect(issuer.fetches).toBe(before + 1)
  })

  it('a token whose key id is a path, a query, a number or missing', async () => {
    const evil = await makeSigner('first')
    for (const kid of [
      '../../../../dev/null',
      '/etc/passwd',
      "first' OR '1'='1",
      'https://evil.example/jwks.json',
      '__proto__',
      '',
    ])
      expect(await refusal(await issuer.sign({}, { kid }, evil))).toBe(
        'token_invalid ERR_JWKS_NO_MATCHING_KEY',
      )
    for (const kid of [0, null, ['first'], { toString: 'first' }, undefined])
      expect(await refusal(await issuer.sign({}, { kid } as object))).toBe(
        'token_invalid ERR_JWKS_NO_MATCHING_KEY',
      )
  })

  it('a token with a critical header that is unknown (crit)', async () => {
    const token = (await issuer.sign()).split('.')
    const head = base64url({ alg: 'EdDSA', typ: 'JWT', kid: 'first', crit: ['exp'], exp: 9e9 })
    expect(await refusal([head, token[1], token[2]].join('.'))).toMatch(/^token_invalid ERR_J/)
  })

  it('a token that has expired, is not valid yet or has no expiry', async () => {
    const now = Math.floor(Date.now() / 1000)
    expect(await refusal(await issuer.sign({ exp: now - 6 }))).toBe('token_expired exp')
    expect(await refusal(await issuer.sign({ nbf: now + 60 }))).toBe('token_invalid nbf')
    for (const claim of ['exp', 'iat', 'sub', 'sid', 'auth_time', 'epoch'])
      expect(await refusal(await issuer.sign({ [claim]: undefined }))).toBe(`token_invalid ${claim}`)
    expect(await refusal(await issuer.sign({ exp: '9999999999' }))).toBe('token_invalid exp')
  })

  it('a token with a claim of the wrong type', async () => {
    for (const claims of [{ sub: 7 }, { sub: '' }, { sid: ['session'] }, { epoch: '0' }, { auth_time: null }])
      expect(await refusal(await issuer.sign(claims))).toMatch(/^token_invalid /)
  })

  it('a text that is not a JWT: a refresh token, an API key, five parts', async () => {
    for (const text of [
      `rt1.${Buffer.alloc(53).toString('base64url')}`,
      `tk1.${Buffer.alloc(32).toString('base64url')}`,
      'a.b.c',
      'a.b.c.d.e',
      '',
      '..',
      'null',
    ])
      expect(await refusal(text)).toMatch(/^token_invalid ERR_J/)
    expect(await refusal(undefined as unknown as string)).toBe('token_invalid ERR_JWS_INVALID')
  })

  it('a token that another key with the same id signed', async () => {
    const { privateKey } = await generateKeyPair('EdDSA')
    const token = await issuer.sign({}, {}, { jwk: issuer.signer.jwk, privateKey })
    expect(await refusal(token)).toBe('token_invalid ERR_JWS_SIGNATURE_VERIFICATION_FAILED')
  })
})

it('never puts the token into an error', async () => {
  const token = await issuer.sign({ aud: 'other' })
  const error = await backend.verifyAuthToken(token).catch((refused: unknown) => refused)
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token.split('.')[2])
})
