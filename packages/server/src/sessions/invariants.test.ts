import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { printSeed, seed } from '../../test/seed.ts'
import { places } from '../../test/stores.ts'
import { claimsOf, resultOf, worldOfSuite, type SignedIn } from '../../test/world.ts'
import { parseId } from '../store/ids.ts'
import { sql } from '../store/database.ts'

/** The limits in seconds. They are so short that a random walk passes every deadline. */
const limits = {
  refresh_absolute_lifetime: 1800,
  refresh_inactivity_lifetime: 600,
  session_timeout_length: 60,
}
const graceMs = 10_000

/** The reference model of a session. Times are milliseconds. */
interface Model {
  generation: number
  rotatedAt: number
  activeAt: number
  createdAt: number
  ended: false | 'revoked' | 'reused'
  /** The generation that each retry id used up. */
  readonly retryIds: Map<string, number>
  /** Whether the last rotation named no retry id. */
  unnamed: boolean
  /** The issued refresh tokens, by generation. */
  readonly tokens: string[]
}

type Verdict = { outcome: 'rotated' | 'replayed' | 'late' } | { outcome: 'refused'; reason?: string }

/** Decides what a refresh must do. The table in docs/session-server.md has the same rules. */
function judge(
  model: Model,
  generation: number,
  retryId: string | undefined,
  lastRetryId: string | undefined,
  now: number,
): Verdict {
  if (model.ended) return { outcome: 'refused', reason: model.ended }
  if (now >= model.createdAt + limits.refresh_absolute_lifetime * 1000)
    return { outcome: 'refused', reason: 'expired' }
  if (now >= model.activeAt + limits.refresh_inactivity_lifetime * 1000)
    return { outcome: 'refused', reason: 'inactive' }
  const latest = model.generation - 1
  /** The generations that an id proves. Only the last eight are remembered. */
  const usedBy = (id: string | undefined): number | undefined =>
    id === undefined ? undefined : model.retryIds.get(id)
  const proves = (id: string | undefined, at: number): boolean => {
    const used = usedBy(id)
    return used !== undefined && used >= Math.max(at, model.generation - 8)
  }
  const rotate = (): Verdict => {
    if (retryId !== undefined) model.retryIds.set(retryId, model.generation)
    model.unnamed = retryId === undefined
    Object.assign(model, { generation: model.generation + 1, rotatedAt: now, activeAt: now })
    return { outcome: 'rotated' }
  }
  const reuse = (): Verdict => {
    model.ended = 'reused'
    return { outcome: 'refused', reason: 'reused' }
  }
  if (generation === model.generation) return proves(retryId, 0) ? reuse() : rotate()
  // A client that names its last retry id keeps its token elsewhere, so the token may be older than the id.
  const isOwn = proves(retryId, generation) && (lastRetryId !== undefined || usedBy(retryId) === generation)
  if (isOwn && proves(retryId, latest)) return { outcome: 'replayed' }
  if (proves(lastRetryId, latest)) {
    if (retryId === undefined) return { outcome: 'replayed' }
    // An id rotates a session once.
    return proves(retryId, 0) ? { outcome: 'late' } : rotate()
  }
  const isParallel = retryId === undefined && model.unnamed && now < model.rotatedAt + graceMs
  if (generation === latest && isParallel) return { outcome: 'replayed' }
  if (isOwn || proves(lastRetryId, generation)) return { outcome: 'late' }
  return reuse()
}

/** A retry id: a new one, none, or the one that was named this many refreshes ago. */
const retryId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('new' as const, undefined) },
  { weight: 3, arbitrary: fc.nat({ max: 3 }) },
)
const ids = { retryId, lastRetryId: retryId }

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      move: fc.constant('refresh' as const),
      back: fc.nat({ max: 10 }),
      ...ids,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      move: fc.constant('refresh' as const),
      back: fc.constant(0),
      ...ids,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      move: fc.constant('wait' as const),
      ms: fc.constantFrom(3000, 9000, 60_000, 500_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { move: 'sign-out' as const },
      { move: 'revoke-all' as const },
      { move: 'deactivate' as const },
    ),
  },
)

const runs = Number(process.env['SOAK_RUNS'] ?? 60)
printSeed()

describe.each(places)('the invariants of sessions on $name', async ({ make }) => {
  const world = await worldOfSuite(make)
  beforeAll(() => world.manage('PATCH', '/settings', limits))

  const epochOf = async ({ userId }: SignedIn): Promise<number> =>
    (await world.store.users.find('demo', parseId(userId)!))!.epoch

  it('behaves like the reference model for any order of refreshes, waits and ends', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const session = await world.signIn()
        const model: Model = {
          generation: 0,
          rotatedAt: world.now,
          activeAt: world.now,
          createdAt: world.now,
          ended: false,
          retryIds: new Map(),
          unnamed: false,
          tokens: [session.result.refresh_token!],
        }
        const named: string[] = []
        for (const [index, move] of steps.entries()) {
          const idOf = (chosen: 'new' | number | undefined): string | undefined =>
            chosen === 'new' ? `id-${index}` : chosen === undefined ? undefined : named.at(-1 - chosen)
          const before = (await world.row(session))!
          const epoch = await epochOf(session)
          if (move.move === 'wait') world.now += move.ms
          else if (move.move === 'sign-out') {
            await world.ask('DELETE', '/tokens', { refresh_token: model.tokens[0] })
            model.ended ||= 'revoked'
          } else if (move.move === 'revoke-all') {
            await world.manage('DELETE', `/users/${session.userId}/tokens`)
            model.ended ||= 'revoked'
          } else if (move.move === 'deactivate') {
            await world.manage('PATCH', `/users/${session.userId}/deactivate`)
            await world.manage('PATCH', `/users/${session.userId}/activate`)
            model.ended ||= 'revoked'
          } else {
            const generation = Math.max(model.generation - move.back, 0)
            const [own, last] = [idOf(move.retryId), idOf(move.lastRetryId)]
            if (move.retryId === 'new') named.push(own!)
            const verdict = judge(model, generation, own, last, world.now)
            const answer = await world.refresh(model.tokens[generation]!, own, last)
            const after = (await world.row(session))!
            if (verdict.outcome === 'late') {
              expect(answer.status).toBe(409)
              expect(await answer.json()).toMatchObject({ code: 'superseded' })
              expect(after).toEqual(before)
            } else if (verdict.outcome === 'refused') {
              expect(answer.status).toBe(401)
              expect(((await answer.json()) as { reason?: string }).reason).toBe(verdict.reason)
            } else {
              const result = await resultOf(answer)
              model.tokens[model.generation] ??= result.refresh_token!
              // Every accepted refresh returns the one current token.
              expect(result.refresh_token).toBe(model.tokens[model.generation])
              // An auth token never lives longer than its lifetime or its session.
              const { exp, auth_time } = claimsOf(result.auth_token)
              const absolute = model.createdAt / 1000 + limits.refresh_absolute_lifetime
              expect(exp).toBeLessThanOrEqual(
                Math.min(world.now / 1000 + limits.session_timeout_length, absolute),
              )
              expect(auth_time).toBe(model.createdAt / 1000)
              // A replay writes nothing.
              if (verdict.outcome === 'replayed') expect(after).toEqual(before)
            }
          }
          const after = (await world.row(session))!
          // A generation never decreases, an end is final, and an epoch never decreases.
          expect(after.generation).toBe(model.generation)
          expect(after.generation).toBeGreaterThanOrEqual(before.generation)
          if (before.ended_at !== null) expect(after.ended_at).toBe(before.ended_at)
          expect(await epochOf(session)).toBeGreaterThanOrEqual(epoch)
        }
        // A session has one row.
        const rows = await world.database.query(
          sql`SELECT id FROM sessions WHERE user_id = ${parseId(session.userId)!}`,
        )
        expect(rows).toHaveLength(1)
      }),
      { numRuns: runs, seed },
    )
  })

  it('rotates once and returns 50 identical tokens for 50 concurrent uses of one refresh token', async () => {
    let { result, ...session } = await world.signIn()
    for (let round = 0; round < Number(process.env['SOAK_ROUNDS'] ?? 20); round++) {
      const results = await Promise.all(
        Array.from({ length: 50 }, () => resultOf(world.refresh(result.refresh_token!))),
      )
      expect(new Set(results.map(({ refresh_token }) => refresh_token)).size).toBe(1)
      expect((await world.row({ ...session, result }))!.generation).toBe(round + 1)
      result = results[0]!
    }
  })

  it('accepts all of 50 concurrent uses of a token that is ahead of its row after a restore', async () => {
    const session = await world.signIn()
    let { result } = session
    for (let i = 0; i < 5; i++) result = await resultOf(world.refresh(result.refresh_token!, `a${i}`))
    await world.database.query(
      sql`UPDATE sessions SET generation = 0 WHERE user_id = ${parseId(session.userId)!}`,
    )
    const results = await Promise.all(
      Array.from({ length: 50 }, () => resultOf(world.refresh(result.refresh_token!, 'a5'))),
    )
    expect(new Set(results.map(({ refresh_token }) => refresh_token)).size).toBe(1)
    // A late duplicate of a request whose rotation was lost does not end the session.
    const late = await world.refresh(session.result.refresh_token!, 'a0')
    expect(late.status).toBe(409)
    await resultOf(world.refresh(results[0]!.refresh_token!, 'a6'))
  })

  it('refuses every token that 100 concurrent refreshes returned when the user is revoked meanwhile', async () => {
    for (const end of ['tokens', 'deactivate'] as const) {
      const sessions = await Promise.all(Array.from({ length: 10 }, () => world.signIn(`racer-${end}`)))
      const answers = Array.from({ length: 100 }, (_, i) => {
        const { result } = sessions[i % sessions.length]!
        return world.refresh(result.refresh_token!, `a${i}`)
      })
      const { userId } = sessions[0]!
      await world.manage(end === 'tokens' ? 'DELETE' : 'PATCH', `/users/${userId}/${end}`)
      const given = await Promise.all(answers)
      if (end === 'deactivate') await world.manage('PATCH', `/users/${userId}/activate`)
      for (const answer of given) {
        if (answer.status !== 201) continue
        const { refresh_token } = await resultOf(answer)
        expect((await world.refresh(refresh_token!)).status).not.toBe(201)
      }
      for (const { result } of sessions)
        expect((await world.refresh(result.refresh_token!)).status).not.toBe(201)
    }
  })
})
