import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../../test/server.ts'
import { operations } from './openapi/all.ts'

let server: TestServer
let adminKey: string
let userId: string
beforeAll(async () => {
  server = await startServer()
  adminKey = await server.adminKey()
  userId = (await server.signIn()).userId
})
afterAll(() => server.stop())

/** Every call that a manager can make: those that need a key, and those that answer a manager in another way. */
const managed = operations.filter(
  ({ path, method, needs }) =>
    needs === 'key' ||
    needs === 'instance key' ||
    (method === 'get' && ['/v1/apps/:app', '/v1/apps/:app/users'].includes(path)),
)

describe('a management call with an unknown field or query parameter (case G1)', () => {
  it('is tested for every call of the OpenAPI document that needs a key', () => {
    expect(managed.length).toBeGreaterThan(25)
  })

  for (const { method, path } of managed) {
    const ask = async (query: string, body?: object) => {
      const at = path.replace(':app', 'demo').replace(':user', userId).replaceAll(/:\w+/g, 'x')
      const headers = { authorization: `Bearer ${adminKey}` }
      const response = await server.ask(method.toUpperCase(), `/${at}${query}`, { headers, body })
      return [response.status, await response.json()]
    }
    it(`${method} ${path} refuses an unknown query parameter by name`, async () => {
      expect(await ask('?nmae=x')).toMatchObject([
        400,
        { code: 'invalid_request', error: expect.stringContaining('"nmae"') },
      ])
    })
    if (method !== 'get')
      it(`${method} ${path} refuses an unknown field by name`, async () => {
        expect(await ask('', { nmae: 'x' })).toMatchObject([
          400,
          { code: 'invalid_request', error: expect.stringContaining('"nmae"') },
        ])
      })
  }

  it('ends no session', async () => {
    const { userId: user, result } = await server.signIn()
    expect((await server.manage('DELETE', `/users/${user}/tokens?expect=x`)).status).toBe(400)
    expect((await server.refresh(result.refresh_token)).status).toBe(201)
  })

  it('is refused, but a call of pages ignores what it does not know', async () => {
    const { result } = await server.signIn('ada')
    expect((await server.ask('GET', '/users?identifier=ada&nmae=x')).status).toBe(200)
    const refresh = { refresh_token: result.refresh_token, nmae: 'x' }
    expect((await server.ask('POST', '/tokens', { body: refresh })).status).toBe(201)
  })
})
