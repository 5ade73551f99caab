import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { appRoutes } from '../routes/app.ts'
import { operationRoutes } from '../routes/operations.ts'
import { startServer, type TestServer } from '../../../test/server.ts'
import { operations } from './all.ts'

type Document = {
  readonly paths: Record<
    string,
    Record<string, { operationId: string; responses: Record<string, { content?: object }> }>
  >
  readonly components: { readonly schemas: Record<string, Record<string, unknown>> }
}

let server: TestServer
let document: Document
beforeAll(async () => {
  server = await startServer({ limits: { failuresPerAddress: 1e6 } })
  document = (await (await server.ask('GET', '//openapi.json')).json()) as Document
})
afterAll(() => server.stop())

it('is valid OpenAPI 3.1 and every reference resolves', async () => {
  const validator = new Validator()
  expect(await validator.validate(structuredClone(document))).toEqual({ valid: true })
  expect(validator.version).toBe('3.1')
  const references = JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)
  for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!)
})

it('contains exactly the registered routes', () => {
  const registered = [appRoutes(), operationRoutes({ metricsToken: undefined, draining: () => false })]
    .flatMap(({ routes }) => routes)
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replace(/(.)\/$/, '$1')}`)
  const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(new Set(told).size).toBe(told.length)
  expect([...new Set(registered)].toSorted()).toEqual(told.toSorted())
})

it('gives every operation its own id', () => {
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  expect(new Set(ids).size).toBe(ids.length)
})

describe('the schemas of the document validate the requests', () => {
  // The document and the server use the same schema, so both must refuse the wrong body.
  const withBody = operations.filter(({ body }) => body)
  for (const { method, path, needs, bodyOptional } of withBody)
    it(`${method} ${path} refuses a body that is not an object`, async () => {
      if (bodyOptional && method === 'delete') return
      const at = path.replace('/v1/apps/:app', '/v1/apps/demo').replace(':user', userId)
      const headers: Record<string, string> = needs
        ? {
            authorization: `Bearer ${needs === 'auth token' ? authToken : path === '/v1/apps' ? adminKey : server.key}`,
          }
        : {}
      const response = await server.ask(method.toUpperCase(), `/${at}`, { body: '"text"', headers })
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid_request' }])
    })
  let userId: string
  let adminKey: string
  let authToken: string
  beforeAll(async () => {
    const signedIn = await server.signIn()
    userId = signedIn.userId
    authToken = signedIn.result.auth_token
    adminKey = await server.adminKey()
  })
})

describe('the responses of the server match the schemas', () => {
  it('for a sign-in, a refresh, a user, the sessions, the settings and the errors', async () => {
    const { userId, result } = await server.signIn()
    const bearer = { authorization: `Bearer ${result.auth_token}` }
    const asked: [string, string, Promise<Response>][] = [
      ['post', '/v1/apps/:app/tokens', server.refresh(result.refresh_token)],
      ['post', '/v1/apps/:app/tokens', server.refresh('junk')],
      ['get', '/v1/apps/:app/users/:user', server.manage('GET', `/users/${userId}`)],
      ['get', '/v1/apps/:app/users', server.manage('GET', '/users')],
      ['get', '/v1/apps/:app/users/:user/sessions', server.manage('GET', `/users/${userId}/sessions`)],
      ['get', '/v1/apps/:app/settings', server.manage('GET', '/settings')],
      ['get', '/v1/apps/:app/events', server.manage('GET', '/events')],
      ['get', '/v1/apps/:app/statistics', server.manage('GET', '/statistics')],
      ['get', '/v1/apps/:app/revocations', server.manage('GET', '/revocations')],
      ['get', '/v1/apps/:app/signing-keys', server.manage('GET', '/signing-keys')],
      ['get', '/v1/apps/:app/api-keys', server.manage('GET', '/api-keys')],
      ['get', '/v1/apps/:app/currentuser', server.ask('GET', '/currentuser', { headers: bearer })],
      ['get', '/v1/apps/:app/.well-known/jwks.json', server.ask('GET', '/.well-known/jwks.json')],
      ['get', '/v1/apps/:app', server.ask('GET', '/')],
    ]
    for (const [method, path, asking] of asked) {
      const response = await asking
      const body: unknown = await response.json()
      const operation = operations.find((each) => each.method === method && each.path === path)!
      const told = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]![method]!.responses
      expect(Object.keys(told), `${method} ${path}`).toContain(String(response.status))
      const reply = [operation.replies[response.status]].flat()[0]
      if (typeof reply === 'object') expect([path, reply.safeParse(body).error]).toEqual([path, undefined])
    }
  })
})

describe('the document has every status that a stranger gets', () => {
  const strangers: Record<string, string>[] = [
    {},
    { authorization: 'Bearer junk' },
    { authorization: `Bearer tk1.${'A'.repeat(43)}` },
  ]
  it.each(operations.map(({ method, path }) => [method, path]))('%s %s', async (method, path) => {
    const operation = operations.find((each) => each.method === method && each.path === path)!
    const told = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]![method]!.responses
    const at = path.replace(':app', 'demo').replaceAll(/:\w+/g, 'A'.repeat(22))
    for (const headers of strangers) {
      const asked = operation.form
        ? {
            headers,
            form: { client_id: 'demo', token: 'x', grant_type: 'refresh_token', refresh_token: 'x' },
          }
        : { headers, ...(operation.body && { body: {} }) }
      const { status } = await server.ask(method.toUpperCase(), `/${at}`, asked)
      expect([Object.keys(headers), Object.keys(told)]).toEqual([
        Object.keys(headers),
        expect.arrayContaining([String(status)]),
      ])
      if (operation.needs && operation.needs !== 'optional key' && path !== '/metrics')
        expect(status).toBe(401)
    }
  })
})
