import { describe, expect, it } from 'vitest'
import { refreshRequest } from '../../test/requests.ts'
import type { Answer } from '../tabs/answer.ts'
import { oauth } from './oauth.ts'
import { sessionServer } from './session-server.ts'

const now = 1_000_000

describe('no status, body or header ends the session, except a refusal of the refresh token', () => {
  const statuses = [
    200, 201, 204, 301, 302, 400, 401, 403, 404, 405, 408, 409, 410, 418, 422, 425, 429, 500, 502, 503, 504,
  ]
  const bodies = [
    '',
    '<html>Sign in to our hotel</html>',
    'null',
    '[]',
    '{}',
    '{"error":"invalid_client"}',
    '{"error":"invalid_request"}',
    '{"error":"invalid_grant"}',
    '{"code":"invalid_refresh_token","error":""}',
    '{"code":"invalid_request","error":""}',
    '{"code":"superseded","error":""}',
    '{"error":"invalid_grant","superseded":true}',
    '{"code":"app_not_found","error":""}',
    '{"auth_result":{}}',
    '{"auth_result":{"auth_token":"x.y.z"}}',
    '{"access_token":1}',
  ]
  const headers = [
    {},
    { 'content-type': 'text/html' },
    { 'content-type': 'application/json' },
    { 'retry-after': '7' },
  ]
  const transports = {
    'session server': {
      transport: sessionServer({ url: 'https://auth.example.com', appId: 'a' }),
      refuses: (status: number, body: string) =>
        (status === 401 && body.includes('invalid_refresh_token')) ||
        (status === 409 && body.includes('"code":"superseded"')),
    },
    oauth: {
      transport: oauth({ tokenEndpoint: 'https://auth.example.com/token', clientId: 'a' }),
      refuses: (status: number, body: string) =>
        status < 500 && body.includes('invalid_grant') && !body.includes('superseded'),
    },
  }
  for (const [name, { transport, refuses }] of Object.entries(transports))
    it(`${name}: all ${statuses.length * bodies.length * headers.length} answers`, async () => {
      for (const status of statuses)
        for (const body of bodies)
          for (const header of headers) {
            const empty = [204, 301, 302].includes(status)
            const send = async () => new Response(empty ? null : body, { status, headers: header })
            const answer: Answer = await transport
              .refresh(refreshRequest, send, () => now)
              .catch(() => ({ failed: 'unreachable' }) as const)
            expect(answer, `${status} ${body}`).toHaveProperty(
              refuses(status, empty ? '' : body) ? 'refused' : 'failed',
            )
            if (answer.failed && 'retry-after' in header && (status === 429 || status >= 500))
              expect(answer.retryAfter).toBe(7000)
          }
    })
})
