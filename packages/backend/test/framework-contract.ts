import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Auth, Backend, IncomingRequest } from '../src/index.ts'
import { createClientKey } from './client-key.ts'
import { TestIssuer } from './issuer.ts'

export interface RunningApp {
  readonly url: string
  stop(): Promise<unknown>
}

/** What other middleware sets before the guard. The app sets these on every response. */
export const earlier = { 'access-control-allow-origin': 'https://app.example.com' }
/** Allows one user only. */
export const admins = { allow: ({ userId }: Auth) => userId === 'grace' }
/** Fails, as if the decision needed a database that is down. */
export const broken = { allow: () => Promise.reject(new Error('database down')) }

/**
 * Tests an adapter of any framework over HTTP. The app answers `GET /me` with the id of the user, `POST /admin` with 204
 * for the user grace only, and `GET /broken` with the framework's own response to an error.
 */
export function frameworkContract(
  name: string,
  start: (backend: Backend, url: string) => Promise<RunningApp>,
): void {
  describe(name, () => {
    let issuer: TestIssuer
    let app: RunningApp
    beforeAll(async () => {
      issuer = await TestIssuer.start()
      const url = (request: IncomingRequest): string =>
        app.url + new URL(request.originalUrl ?? request.url!, app.url).pathname
      app = await start(issuer.backend({ cookie: 'auth', dpop: { url } }), issuer.url)
    }, 120_000)
    afterAll(async () => {
      await app.stop()
      await issuer.stop()
    })

    const bearer = async (claims = {}) => ({ authorization: `Bearer ${await issuer.sign(claims)}` })

    it('accepts a valid auth token', async () => {
      const response = await fetch(`${app.url}/me`, { headers: await bearer() })
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual({ userId: 'ada' })
    })

    it('reads the cookie that createBackend names', async () => {
      const response = await fetch(`${app.url}/me`, { headers: { cookie: `auth=${await issuer.sign()}` } })
      expect(await response.json()).toEqual({ userId: 'ada' })
    })

    it('answers 401 with a challenge if the token is missing or expired', async () => {
      const missing = await fetch(`${app.url}/me`)
      expect(missing.status).toBe(401)
      expect(missing.headers.get('www-authenticate')).toBe('Bearer')
      expect(missing.headers.get('content-type')).toMatch(/^application\/json/)
      expect(await missing.json()).toEqual({ code: 'token_missing', error: 'an auth token is needed' })
      const expired = await fetch(`${app.url}/me`, { headers: await bearer({ exp: 1 }) })
      expect(expired.status).toBe(401)
      expect(expired.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/)
      expect(await expired.json()).toMatchObject({ code: 'token_expired' })
    })

    it('accepts a bound token with a proof only (T15)', async () => {
      const key = await createClientKey()
      const token = await issuer.sign({ cnf: key.cnf })
      const url = `${app.url}/me`
      const authorization = `DPoP ${token}`
      const right = await fetch(url, { headers: { authorization, dpop: await key.prove({ url, token }) } })
      expect([right.status, await right.json()]).toEqual([200, { userId: 'ada' }])
      const without = await fetch(url, { headers: { authorization } })
      expect([without.status, await without.json()]).toMatchObject([401, { code: 'proof_invalid' }])
      expect(without.headers.get('www-authenticate')).toMatch(/^DPoP error="invalid_dpop_proof".*algs="ES256/)
      const old = await fetch(url, {
        headers: { authorization, dpop: await key.prove({ url, token, claims: { iat: 1 } }) },
      })
      const nonce = old.headers.get('dpop-nonce')
      const again = await fetch(url, {
        headers: { authorization, dpop: await key.prove({ url, token, claims: { nonce } }) },
      })
      expect(again.status).toBe(200)
    })

    it('answers 403 if allow returns false', async () => {
      const ada = await fetch(`${app.url}/admin`, { method: 'POST', headers: await bearer() })
      expect(ada.status).toBe(403)
      expect(ada.headers.get('www-authenticate')).toMatch(/^Bearer error="insufficient_scope"/)
      expect(await ada.json()).toMatchObject({ code: 'forbidden' })
      const grace = await fetch(`${app.url}/admin`, {
        method: 'POST',
        headers: await bearer({ sub: 'grace' }),
      })
      expect(grace.status).toBe(204)
      expect((await fetch(`${app.url}/admin`, { method: 'POST' })).status).toBe(401)
    })

    it('keeps the headers that other middleware has set (case K12)', async () => {
      for (const headers of [{}, await bearer(), await bearer({ exp: 1 })])
        expect(Object.fromEntries((await fetch(`${app.url}/me`, { headers })).headers)).toMatchObject(earlier)
    })

    it("leaves other errors to the framework's own handler", async () => {
      expect((await fetch(`${app.url}/broken`, { headers: await bearer() })).status).toBe(500)
    })
  })
}
