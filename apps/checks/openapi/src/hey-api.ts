// Signs a person in and out with a client of @hey-api/openapi-ts.
import { deepStrictEqual, strictEqual } from 'node:assert'
import { client } from '../generated/hey-api/client.gen.ts'
import {
  deleteAppTokens,
  getAppCurrentuser,
  getAppSettings,
  getAppUsers,
  postAppTokens,
  postAppUsers,
  postAppUsersUserSessions,
} from '../generated/hey-api/sdk.gen.ts'

const [baseUrl, key] = process.argv.slice(2) as [string, string]
client.setConfig({ baseUrl, auth: key })
const path = { app: 'demo' }

const made = await postAppUsers({ path, body: { identifier: 'grace' } })
const user = made.data!.user.id
const listed = await getAppUsers({ path, query: { identifier: 'grace' } })
deepStrictEqual('users' in listed.data! && listed.data.users.map(({ identifier }) => identifier), ['grace'])
const opened = await postAppUsersUserSessions({ path: { ...path, user } })
const refresh_token = opened.data!.auth_result.refresh_token!
const refreshed = await postAppTokens({ path, body: { refresh_token } })
const next = refreshed.data!.auth_result
const me = await getAppCurrentuser({ path, auth: next.auth_token })
strictEqual(me.data!.user.id, user)
await deleteAppTokens({ path, body: { refresh_token: next.refresh_token! } })
const refused = await postAppTokens({ path, body: { refresh_token: next.refresh_token! } })
strictEqual(refused.response?.status, 401)
strictEqual(refused.error!.code, 'invalid_refresh_token')
const unknown = await getAppSettings({ path, auth: 'x' })
strictEqual(unknown.response?.status, 401)
strictEqual(unknown.error!.code, 'invalid_access_token')
console.log('@hey-api/openapi-ts: signed in, refreshed, signed out, refused')
