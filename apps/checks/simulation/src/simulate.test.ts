import { TokenError } from '@tokenkeep/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from './server.ts'
import { simulate } from './simulate.ts'
import { start, take, type Mutation } from './walk.ts'

// SIMULATE_WALKS: the number of walks. SEED: runs only the walk of this seed.
const { SIMULATE_WALKS = 300, SEED } = process.env
const minute = 60_000
const first = Number(SEED ?? 1)
const walks = SEED ? 1 : Number(SIMULATE_WALKS)

let server: Server
beforeAll(async () => void (server = await startServer(start)))
afterAll(() => server.close())

it(
  'three real managers and the real server break no invariant in seeded walks',
  { timeout: 600 * minute },
  async () => {
    const since = performance.now()
    for (let seed = first; seed < first + walks; seed++) {
      const found = await simulate(seed, server)
      expect(found && [`SEED=${seed}`, found.invariant, ...found.trace]).toBeUndefined()
    }
    const perMinute = Math.round((walks / (performance.now() - since)) * minute)
    console.log(`${walks} walks over the whole stack, ${perMinute} a minute`)
  },
)

const mutants: Readonly<Record<string, Mutation>> = {
  'a retry id of its own for each try': {
    transport(shipped) {
      let tries = 0
      return {
        ...shipped,
        refresh: (request, ...rest) => shipped.refresh({ ...request, retryId: `try-${++tries}` }, ...rest),
      }
    },
  },
  'every 401 ends the session': {
    transport: (shipped) => ({
      ...shipped,
      async refresh(request, send, now) {
        let status = 0
        const answer = await shipped.refresh(
          request,
          async (...args) => {
            const response = await send(...args)
            status = response.status
            return response
          },
          now,
        )
        return status === 401 ? { refused: 'revoked' } : answer
      },
    }),
  },
  'a sign-out that the server never learns of': {
    transport: (shipped) => ({ ...shipped, revoke: async () => true }),
  },
  'an unreachable server is taken for a sign-out': {
    manager: (shipped) => ({
      ...shipped,
      getAuthToken: (options) =>
        shipped.getAuthToken(options).catch((error) => {
          if (error.code === 'unreachable') throw new TokenError('sign-in-required', { reason: 'signed-out' })
          throw error
        }),
    }),
  },
  'a sign-out that waits for the sign-in before it': {
    manager(shipped) {
      let signingIn: Promise<void> | undefined
      return {
        ...shipped,
        signIn: (result) => (signingIn = shipped.signIn(result)),
        async signOut() {
          await signingIn?.catch(() => {})
          return shipped.signOut()
        },
      }
    },
  },
  'a sign-in that is tried again, though it was said to have failed': {
    manager: (shipped) => ({
      ...shipped,
      signIn: (result) =>
        shipped.signIn(result).catch((error) => {
          void shipped.signIn(result).catch(() => {})
          throw error
        }),
    }),
  },
}

describe('the simulation finds a broken manager:', () => {
  it.each(Object.entries(mutants))('%s', async (name, mutate) => {
    let seed = 1
    let found = await simulate(seed, server, mutate)
    while (!found && seed < 1000) found = await simulate(++seed, server, mutate)
    expect(found).toBeDefined()
    console.log(`${name}: seed ${seed}, ${found!.invariant}, ${found!.trace.length} steps`)
    // The walk can be repeated, and the real manager passes it.
    expect(await take(found!.walk, server, mutate)).toEqual(found)
    expect(await take(found!.walk, server)).toBeUndefined()
  })
})
