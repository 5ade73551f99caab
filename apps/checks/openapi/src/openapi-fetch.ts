// Signs a person in and out with a client of openapi-typescript and openapi-fetch.
import { deepStrictEqual, strictEqual } from 'node:assert'
import createClient from 'openapi-fetch'
import type { paths } from '../generated/openapi-typescript.ts'

const [baseUrl, key] = process.argv.slice(2) as [string, string]
const client = createClient<paths>({ baseUrl, headers: { authorization: `Bearer ${key}` } })
const app = 'demo'

const made = await client.POST('/v1/apps/{app}/users', {
  params: { path: { app } },
  body: { identifier: 'ada' },
})
const user = made.data!.user.id
const listed = await client.GET('/v1/apps/{app}/users', { params: { path: { app } } })
deepStrictEqual('users' in listed.data! && listed.data.users.map(({ identifier }) => identifier), ['ada'])
const opened = await client.POST('/v1/apps/{app}/users/{user}/sessions', { params: { path: { app, user } } })
const refresh_token = opened.data!.auth_result.refresh_token!
const refreshed = await client.POST('/v1/apps/{app}/tokens', {
  params: { path: { app } },
  body: { refresh_token },
})
const next = refreshed.data!.auth_result
const me = await client.GET('/v1/apps/{app}/currentuser', {
  params: { path: { app } },
  headers: { authorization: `Bearer ${next.auth_token}` },
})
strictEqual(me.data!.user.id, user)
await client.DELETE('/v1/apps/{app}/tokens', {
  params: { path: { app } },
  body: { refresh_token: next.refresh_token! },
})
const refused = await client.POST('/v1/apps/{app}/tokens', {
  params: { path: { app } },
  body: { refresh_token: next.refresh_token! },
})
strictEqual(refused.response.status, 401)
strictEqual(refused.error!.code, 'invalid_refresh_token')
const unknown = await client.GET('/v1/apps/{app}/settings', {
  params: { path: { app } },
  headers: { authorization: 'Bearer x' },
})
strictEqual(unknown.response.status, 401)
strictEqual(unknown.error!.code, 'invalid_access_token')
console.log('openapi-typescript and openapi-fetch: signed in, refreshed, signed out, refused')
