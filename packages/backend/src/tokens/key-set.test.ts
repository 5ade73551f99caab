import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { makeSigner, TestIssuer } from '../../test/issuer.ts'

let issuer: TestIssuer
/** Milliseconds by which the monotonic clock is ahead. */
let ahead: number
beforeEach(async () => {
  issuer = await TestIssuer.start()
  ahead = 0
  const real = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => real() + ahead)
})
afterEach(() => {
  vi.restoreAllMocks()
  return issuer.stop()
})

const create = () => issuer.backend()

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
  ahead += 11_000
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
  ahead += 11_000
  await flood()
  expect(issuer.fetches).toBe(2)
  await backend.verifyAuthToken(good)
})

it('rejects a key that the server has removed, once the keys are ten minutes old', async () => {
  const backend = create()
  const token = await issuer.sign({ exp: Math.floor(Date.now() / 1000) + 3600 })
  await backend.verifyAuthToken(token)
  issuer.keys = [(await makeSigner('second')).jwk]
  ahead += 599_000
  await backend.verifyAuthToken(token)
  expect(issuer.fetches).toBe(1)
  ahead += 2000
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
  const token = await issuer.sign({ exp: Math.floor(Date.now() / 1000) + 86_400 })
  await backend.verifyAuthToken(token)
  issuer.status = 500
  for (let hours = 0; hours < 3; hours++) {
    ahead += 3_600_000
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
  ahead += 1001
  await backend.verifyAuthToken(token)
})

it('measures the age of the keys by a monotonic clock (case K9)', async () => {
  // The clock is an hour ahead when the keys are fetched, then NTP sets it back.
  let wall = Date.now() + 3_600_000
  const backend = issuer.backend({ now: () => wall, clockToleranceSeconds: 7200 })
  await backend.verifyAuthToken(await issuer.sign())
  wall = Date.now()
  const second = await makeSigner('second')
  issuer.keys = [second.jwk]
  ahead += 11_000
  await expect(backend.verifyAuthToken(await issuer.sign({}, {}, second))).resolves.toMatchObject({
    userId: 'ada',
  })
})

it('says why the keys are unavailable: a wrong url (case K11)', async () => {
  const backend = issuer.backend({ appId: 'wrong', onRefusal: () => {} })
  const error = await backend.verifyAuthToken(await issuer.sign()).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'keys_unavailable',
    reason: `${issuer.url}/v1/apps/wrong/.well-known/jwks.json answered 404. Check url and appId.`,
  })
})
