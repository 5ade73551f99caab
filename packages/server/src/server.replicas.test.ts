import { describe, expect, it } from 'vitest'
import { createAuthenticator } from '../test/authenticator.ts'
import { createCeremonies } from '../test/ceremonies.ts'
import { places } from '../test/stores.ts'
import {
  app,
  baseUrl,
  claimsOf,
  day,
  masterKey,
  minute,
  origin,
  resultOf,
  worldOfSuite,
  type World,
} from '../test/world.ts'
import { createHousekeeping, createSessionServer, deriveKeys } from './index.ts'

/** Replicas' clocks may differ by this many milliseconds. */
const DIFFERENCE = 30_000

describe.each(places)(
  'two replicas whose clocks differ by 30 seconds on $name (case F10)',
  async ({ make }) => {
    const behind = await worldOfSuite(make)
    const keys = deriveKeys(masterKey)
    const { fetch } = createSessionServer({
      store: behind.store,
      keys,
      baseUrl,
      now: () => behind.now + DIFFERENCE,
    })
    /** The same world, asked through the replica whose clock is ahead. */
    const ahead: World = Object.create(behind, {
      ask: {
        value: (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
          fetch(
            new Request(path.startsWith('//') ? baseUrl + path.slice(1) : `${baseUrl}/v1/apps/demo${path}`, {
              method,
              headers,
              ...(body !== undefined && { body: JSON.stringify(body) }),
            }),
          ),
      },
    })
    const both = [behind, ahead]
    const pairs = [
      [behind, ahead],
      [ahead, behind],
    ] as const
    const statusOf = async (response: Promise<Response>): Promise<number> => (await response).status
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
    const refresh = (world: World, token: string, retryId: string) =>
      world.ask('POST', '/tokens', { refresh_token: token }, { 'idempotency-key': retryId })

    it('each accepts the auth tokens of the other at once', async () => {
      for (const [one, other] of pairs) {
        const { userId } = await behind.signIn()
        const { auth_token } = await resultOf(
          one.ask('POST', `/users/${userId}/sessions`, undefined, bearer(behind.key)),
        )
        expect(await statusOf(other.ask('GET', '/currentuser', undefined, bearer(auth_token)))).toBe(200)
      }
    })

    it('continue a session in any order, and repeat each answer', async () => {
      let { refresh_token: token } = (await behind.signIn()).result
      for (let turn = 0; turn < 8; turn++) {
        const [one, other] = pairs[turn % 2]!
        const used = token!
        const first = await resultOf(refresh(one, used, `retry-${turn}`))
        const again = await resultOf(refresh(other, used, `retry-${turn}`))
        expect(again.refresh_token).toBe(first.refresh_token)
        token = first.refresh_token
        behind.now += 1000 + turn * 7000
      }
    })

    it('end a session for both at once', async () => {
      for (const [one, other] of pairs) {
        const { result } = await behind.signIn()
        expect(await statusOf(one.ask('DELETE', '/tokens', { refresh_token: result.refresh_token }))).toBe(
          200,
        )
        expect(await statusOf(refresh(other, result.refresh_token!, 'after'))).toBe(401)
      }
    })

    it('let people sign in again at either, right after all sessions of the app or the user ended', async () => {
      for (const path of ['/sessions', '/users/:user/tokens'])
        for (const [one, other] of pairs) {
          const { userId, result } = await behind.signIn()
          const ended = await one.ask('DELETE', path.replace(':user', userId), undefined, bearer(behind.key))
          expect(ended.status).toBe(200)
          for (const world of both)
            expect(await statusOf(refresh(world, result.refresh_token!, 'x'))).toBe(401)
          const again = await resultOf(
            other.ask('POST', `/users/${userId}/sessions`, undefined, bearer(behind.key)),
          )
          for (const world of both) {
            const asked = world.ask('GET', '/currentuser', undefined, bearer(again.auth_token))
            expect(await statusOf(asked)).toBe(200)
          }
          // A backend refuses auth tokens from before the end of all sessions.
          const { not_before } = (await behind.store.apps.find('demo'))!
          expect(claimsOf(again.auth_token).auth_time * 1000).toBeGreaterThanOrEqual(not_before)
          expect(await statusOf(refresh(one, again.refresh_token!, 'y'))).toBe(201)
        }
    })

    it('finish what the other began: a sign-up, a sign-in and an invitation', async () => {
      for (const [one, other] of pairs) {
        const authenticator = createAuthenticator(origin)
        const start = createCeremonies(one)
        const end = createCeremonies(other)
        const body = { identifier: `person-${crypto.randomUUID()}` }
        const started = await start.startSignUp(body)
        expect(await statusOf(end.finishSignUp(started, authenticator))).toBe(200)
        const invited = await one.ask('POST', '/invitations', { expires_in: 60 }, bearer(behind.key))
        expect(invited.status).toBe(201)
        const { invitation } = (await invited.json()) as { invitation: { secret: string } }
        const invitedBody = { identifier: `guest-${crypto.randomUUID()}`, invitation: invitation.secret }
        expect(await statusOf(end.startSignUp(invitedBody))).toBe(200)
      }
    })

    it('sign with keys that both know, before and after a rotation', async () => {
      for (const [one, other] of pairs) {
        await one.ask('POST', '/signing-keys', { alg: app.alg }, bearer(behind.key))
        const { result, userId } = await behind.signIn()
        expect(await statusOf(other.ask('GET', '/currentuser', undefined, bearer(result.auth_token)))).toBe(
          200,
        )
        const { auth_token } = await resultOf(
          other.ask('POST', `/users/${userId}/sessions`, undefined, bearer(behind.key)),
        )
        expect(await statusOf(one.ask('GET', '/currentuser', undefined, bearer(auth_token)))).toBe(200)
        behind.now += minute
      }
    })

    it('do the housekeeping in one process, always the same one', async () => {
      behind.now += day
      const keeper = (now: () => number) => createHousekeeping({ store: behind.store, keys, now })
      const [a, b] = [keeper(() => behind.now), keeper(() => behind.now + DIFFERENCE)]
      for (let rounds = 0; rounds < 3; rounds++) {
        expect([await a.round(), await b.round()]).toEqual([true, false])
        behind.now += minute
      }
      await a.stop()
      await b.stop()
    })
  },
)
