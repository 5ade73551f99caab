import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeSigner, TestIssuer } from '../../test/issuer.ts'

let issuer: TestIssuer
let now: number
beforeEach(async () => {
  issuer = await TestIssuer.start()
  now = Date.now()
})
afterEach(() => issuer.stop())

const create = () => issuer.backend({ now: () => now })

it('fetches the keys once for all parallel and later callers', async () => {
  const backend = create()
  const token = await issuer.sign()
  await Promise.all(Array.from({ length: 20 }, () => backend.verifyAuthToken(token)))
  await backend.verifyAuthToken(token)
  expect(issuer.fetches).toBe(1)
})

it('finds a new key with one more fetch for all callers', async () => {
  const backend = create()
  await backend.verifyAuthToken(await issuer.sign())
  const second = await makeSigner('second')
  issuer.keys = [issuer.signer.jwk, second.jwk]
  now += 11_000
  const token = await issuer.sign({}, {}, second)
  await Promise.all(Array.from({ length: 20 }, () => backend.verifyAuthToken(token)))
  expect(issuer.fetches).toBe(2)
})

it('fetches at most once in ten seconds for unknown key ids', async () => {
  const backend = create()
  const good = await issuer.sign()
  await backend.verifyAuthToken(good)
  const evil = await makeSigner('evil')
  const flood = async () => {
    for (let tries = 0; tries < 20; tries++)
      await expect(
        backend.verifyAuthToken(await issuer.sign({}, { kid: `evil-${tries}` }, evil)),
      ).rejects.toMatchObject({ code: 'token_invalid' })
  }
  await flood()
  expect(issuer.fetches).toBe(1)
  now += 11_000
  await flood()
  expect(issuer.fetches).toBe(2)
  await backend.verifyAuthToken(good)
})

it('rejects a key that the server has removed, once the keys are ten minutes old', async () => {
  const backend = create()
  const token = await issuer.sign({ exp: Math.floor(now / 1000) + 3600 })
  await backend.verifyAuthToken(token)
  issuer.keys = [(await makeSigner('second')).jwk]
  now += 599_000
  await backend.verifyAuthToken(token)
  expect(issuer.fetches).toBe(1)
  now += 2000
  // The call that starts the fetch does not wait for it.
  await backend.verifyAuthToken(token)
  await expect
    .poll(() =>
      backend.verifyAuthToken(token).then(
        () => 'accepted',
        ({ code }: { code: string }) => code,
      ),
    )
    .toBe('token_invalid')
  expect(issuer.fetches).toBe(2)
})

it('keeps using its keys while the server cannot be reached', async () => {
  const backend = create()
  const token = await issuer.sign({ exp: Math.floor(now / 1000) + 86_400 })
  await backend.verifyAuthToken(token)
  issuer.status = 500
  for (let hours = 0; hours < 3; hours++) {
    now += 3_600_000
    await expect
      .poll(async () => {
        await backend.verifyAuthToken(token)
        return issuer.fetches
      })
      .toBe(2 + hours)
  }
  const unknown = await issuer.sign({}, {}, await makeSigner('second'))
  await expect(backend.verifyAuthToken(unknown)).rejects.toMatchObject({
    code: 'keys_unavailable',
    status: 503,
  })
})

it('rejects with 503, not 401, until the keys are fetched for the first time', async () => {
  const backend = create()
  const token = await issuer.sign()
  issuer.status = 500
  for (let tries = 0; tries < 5; tries++)
    await expect(backend.verifyAuthToken(token)).rejects.toMatchObject({
      code: 'keys_unavailable',
      status: 503,
      headers: { 'retry-after': '1' },
    })
  // A failing server does not get a request per verified token.
  expect(issuer.fetches).toBe(1)
  issuer.status = 200
  now += 1001
  await backend.verifyAuthToken(token)
})
