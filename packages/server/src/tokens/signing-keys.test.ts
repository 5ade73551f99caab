import { createPublicKey, verify } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuthResult, SigningKey } from '@tokenkeep/protocol'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  app,
  baseUrl,
  claimsOf,
  createWorld,
  day,
  masterKey,
  resultOf,
  type World,
} from '../../test/world.ts'
import { createSessionServer, deriveKeys, MasterKeyError, openKeys, openStore } from '../index.ts'
import { createHousekeeping } from '../operations/housekeeping.ts'
import { rewrapSigningKeys } from './master-key.ts'
import { verifyRefreshToken } from './refresh-token.ts'

interface Jwk {
  readonly kid: string
  readonly alg: string
  readonly kty: string
  readonly d?: string
}

let folder: string
let world: World
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
  world = await createWorld(folder)
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true })
})

const jwks = async (path = ''): Promise<Jwk[]> =>
  ((await (await world.ask('GET', path || '/.well-known/jwks.json')).json()) as { keys: Jwk[] }).keys
const rotate = async (body?: object): Promise<SigningKey[]> => {
  const answer = await world.manage('POST', '/signing-keys', body)
  expect(answer.status).toBe(201)
  return ((await answer.json()) as { signing_keys: SigningKey[] }).signing_keys
}
const stateOf = (keys: readonly SigningKey[]) =>
  Object.fromEntries(keys.map(({ state, kid }) => [state, kid]))
const headerOf = (token: string) =>
  JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as {
    kid: string
    alg: string
    typ: string
  }

/** Verifies a token with the published keys only, as a resource server does. */
function verifies(token: string, keys: readonly Jwk[]): boolean {
  const [head, body, signature] = token.split('.') as [string, string, string]
  const { kid, alg } = headerOf(token)
  const jwk = keys.find((each) => each.kid === kid)
  if (!jwk || jwk.alg !== alg) return false
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const digest = alg === 'EdDSA' ? null : 'sha256'
  const options = { key, dsaEncoding: 'ieee-p1363' as const }
  return verify(digest, Buffer.from(`${head}.${body}`), options, Buffer.from(signature, 'base64url'))
}
const me = ({ auth_token }: AuthResult) =>
  world.ask('GET', '/currentuser', undefined, { authorization: `Bearer ${auth_token}` })

describe('signing keys', () => {
  it.each(['EdDSA', 'ES256', 'RS256'] as const)(
    '%s: tokens verify with the published keys, also after a change to this algorithm',
    async (alg) => {
      const { result } = await world.signIn()
      await rotate({ alg })
      const next = await resultOf(world.refresh(result.refresh_token!))
      const keys = await jwks()
      expect(headerOf(next.auth_token)).toMatchObject({ alg, typ: 'JWT' })
      expect(keys.every(({ d }) => d === undefined)).toBe(true)
      for (const { auth_token } of [result, next]) expect(verifies(auth_token, keys)).toBe(true)
      for (const each of [result, next]) expect((await me(each)).status).toBe(200)
      expect(await world.store.apps.find('demo')).toMatchObject({ alg })
    },
  )

  it('publishes the next key before it signs, and the previous key until its tokens expire', async () => {
    const { result } = await world.signIn()
    const [before] = [await jwks()]
    const first = headerOf(result.auth_token).kid
    const rotated = stateOf(await rotate())
    expect(before.map(({ kid }) => kid)).toContain(rotated['current'])
    expect(rotated['previous']).toBe(first)
    const next = await resultOf(world.refresh(result.refresh_token!))
    expect(headerOf(next.auth_token).kid).toBe(rotated['current'])
    expect((await jwks()).map(({ kid }) => kid).toSorted()).toEqual(Object.values(rotated).toSorted())
    // A verifier that cached the keys before the rotation has the new key.
    expect(verifies(next.auth_token, before)).toBe(true)
    world.now += (app.session_timeout_length + 61) * 1000
    await world.store.keys.deleteRetiredSigningKeys(world.now)
    world.now += 5000
    expect((await jwks()).map(({ kid }) => kid)).not.toContain(first)
  })

  it('verifies every token during a rotation under load', async () => {
    let { result } = await world.signIn()
    for (let round = 0; round < 5; round++) {
      const [renewed] = await Promise.all([
        Promise.all(Array.from({ length: 10 }, () => resultOf(world.refresh(result.refresh_token!)))),
        rotate(),
      ])
      const keys = await jwks()
      for (const each of renewed) expect(verifies(each.auth_token, keys)).toBe(true)
      for (const each of renewed) expect((await me(each)).status).toBe(200)
      result = renewed[0]!
    }
  })

  it('RFC 8725: refuses any other algorithm, key, type, issuer, audience or time', async () => {
    const { result } = await world.signIn()
    const [head, body, signature] = result.auth_token.split('.') as [string, string, string]
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const header = headerOf(result.auth_token)
    const crafted = [
      `${encode({ ...header, alg: 'none' })}.${body}.`,
      `${encode({ ...header, alg: 'HS256' })}.${body}.${signature}`,
      `${encode({ ...header, alg: 'RS256' })}.${body}.${signature}`,
      `${encode({ ...header, jku: 'https://evil.example' })}.${body}.${signature}`,
      `${encode({ ...header, jwk: {} })}.${body}.${signature}`,
      `${encode({ ...header, typ: 'at+jwt' })}.${body}.${signature}`,
      `${head}.${encode({ ...claimsOf(result.auth_token), sub: 'x' })}.${signature}`,
      `${head}.${body}`,
      `${head}.${body}.${signature}.x`,
      result.refresh_token!,
      '',
    ]
    for (const token of crafted) expect((await me({ ...result, auth_token: token })).status).toBe(401)
    // A valid token of this app is not valid for another app.
    await world.store.apps.add('other', app, 'system', world.now)
    const elsewhere = await world.ask('GET', '//v1/apps/other/currentuser', undefined, {
      authorization: `Bearer ${result.auth_token}`,
    })
    expect(elsewhere.status).toBe(401)
    world.now += app.session_timeout_length * 1000
    expect((await me(result)).status).toBe(401)
  })

  it('rotates once, on schedule, if several processes run', async () => {
    await world.signIn()
    const log = pino({ level: 'silent' })
    const keys = deriveKeys(masterKey)
    const [a, b] = [1, 2].map(() =>
      createHousekeeping({ store: world.store, keys, log, now: () => world.now, interval: 1e8 }),
    )
    const first = (await jwks()).map(({ kid }) => kid).toSorted()
    expect(await Promise.all([a!.round(), b!.round()])).toContain(false)
    expect((await jwks()).map(({ kid }) => kid).toSorted()).toEqual(first)
    world.now += 31 * day
    await a!.round()
    await b!.round()
    const events = await world.store.events.list('demo', { types: ['key-rotated'], limit: 10 })
    expect(events).toMatchObject([{ actor: 'system' }])
  })
})

describe('the master key', () => {
  it('is rotated in three steps without ending a session', async () => {
    const [old, next] = [masterKey, Buffer.alloc(32, 9)]
    const refreshUnder = async (masters: Buffer[], token: string): Promise<string> => {
      const keys = deriveKeys(masters)
      const server = createSessionServer({ store: world.store, keys, baseUrl, now: () => world.now })
      const body = JSON.stringify({ refresh_token: token })
      const result = await resultOf(
        server.fetch(new Request(`${baseUrl}/v1/apps/demo/tokens`, { method: 'POST', body })),
      )
      return result.refresh_token!
    }
    let token = (await world.signIn()).result.refresh_token!
    // Servers with old and new master keys run side by side, and each accepts the tokens of the others.
    token = await refreshUnder([old], token)
    token = await refreshUnder([old, next], token)
    token = await refreshUnder([old], token)
    token = await refreshUnder([old, next], token)
    token = await refreshUnder([next, old], token)
    token = await refreshUnder([old, next], token)
    token = await refreshUnder([next, old], token)
    expect(await rewrapSigningKeys(world.store, deriveKeys([next, old]))).toBe(2)
    expect(await rewrapSigningKeys(world.store, deriveKeys([next, old]))).toBe(0)
    token = await refreshUnder([next, old], token)
    await refreshUnder([next], token)
    expect(verifyRefreshToken(deriveKeys([old]), 'demo', token)).toBeUndefined()
  })

  it('is created once, readable by its owner only; a lost or wrong key is an error and not replaced', async () => {
    const own = mkdtempSync(join(tmpdir(), 'tokenkeep-'))
    const store = await openStore(own)
    const made: string[] = []
    const keys = await openKeys(store, { store: own }, (path) => made.push(path))
    await openKeys(store, { store: own }, (path) => made.push(path))
    const path = join(own, 'master.key')
    expect(made).toEqual([path])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    await store.apps.add('demo', app, 'system', 1)
    const server = createSessionServer({ store, keys, baseUrl })
    await server.fetch(new Request(`${baseUrl}/v1/apps/demo/.well-known/jwks.json`))
    const wrong = Buffer.alloc(32, 1).toString('base64url')
    const text = readFileSync(path, 'utf8')
    rmSync(path)
    await expect(openKeys(store, { store: own })).rejects.toThrow(/is missing: restore/)
    await expect(openKeys(store, { store: own, masterKey: wrong })).rejects.toThrow(/not the one/)
    await expect(openKeys(store, { store: own, masterKey: 'short' })).rejects.toBeInstanceOf(MasterKeyError)
    await expect(openKeys(store, { store: 'postgres:///x' })).rejects.toThrow(/TOKENKEEP_MASTER_KEY/)
    writeFileSync(path, text)
    await openKeys(store, { store: own, masterKeyFile: path })
    await store.close()
    rmSync(own, { recursive: true })
  })
})
