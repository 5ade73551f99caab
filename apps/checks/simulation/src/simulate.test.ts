import { TokenError } from '@tokenkeep/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Server } from './server.ts'
import { simulate } from './simulate.ts'
import { perform, startTime, type Mutation } from './walk.ts'

// SIMULATE_WALKS=100000: the number of walks, from seed 1. Default: 100. SEED=7: the walk of that seed only.
const { SIMULATE_WALKS = 100, SEED } = process.env
/** Milliseconds. */
const MINUTE = 60_000
const first = Number(SEED ?? 1)
const walks = SEED ? 1 : Number(SIMULATE_WALKS)

let server: Server
beforeAll(async () => void (server = await startServer(startTime)))
afterAll(() => server.close())

it(
  'random walks of three managers and the server violate no invariant',
  { timeout: 600 * MINUTE },
  async () => {
    console.log(`${walks} walks over the whole stack, from SEED=${first}`)
    const startedAt = performance.now()
    for (let seed = first; seed < first + walks; seed++) {
      const found = await simulate(seed, server)
      expect(found && [`SEED=${seed}`, found.invariant, ...found.trace]).toBeUndefined()
    }
    const perMinute = Math.round((walks / (performance.now() - startedAt)) * MINUTE)
    console.log(`${perMinute} walks per minute`)
  },
)

const mutants: Readonly<Record<string, Mutation>> = {
  'a new retry id for each try': {
    transport(shipped) {
      let tries = 0
      return {
        ...shipped,
        refresh: (request, ...rest) => shipped.refresh({ ...request, retryId: `try-${++tries}` }, ...rest),
      }
    },
  },
  'a transport that tries again without a pause': {
    transport: (shipped) => ({
      ...shipped,
      async refresh(...args) {
        for (let tries = 0; tries < 2; tries++) {
          const answer = await shipped.refresh(...args).catch(() => undefined)
          if (answer?.issued || answer?.refused) return answer
        }
        return shipped.refresh(...args)
      },
    }),
  },
  'a session that ends with any 401': {
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
  'a sign-out that the server never receives': {
    transport: (shipped) => ({ ...shipped, revoke: async () => undefined }),
  },
  'a sign-out that leaves no hint when the page is left': { lastMessage: () => undefined },
  'a network error that signs the user out': {
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
  'a sign-in that is retried after it was reported as failed': {
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

/** The seed from which the search begins, for mutants that only few walks find. */
const rare: Readonly<Record<string, number>> = {
  'a new retry id for each try': 67,
  'a transport that tries again without a pause': 340,
  'a sign-out that leaves no hint when the page is left': 653,
}

describe('the simulation finds a violation in the mutant', () => {
  it.each(Object.entries(mutants))('%s', async (name, mutation) => {
    let seed = rare[name] ?? 1
    let found = await simulate(seed, server, mutation)
    while (!found && seed < 2000) found = await simulate(++seed, server, mutation)
    expect(found).toBeDefined()
    console.log(`${name}: SEED=${seed}, ${found!.invariant}, ${found!.trace.length} steps`)
    // The same walk finds the same violation again, and finds nothing in the shipped code.
    expect(await perform(found!.walk, server, mutation)).toEqual(found)
    expect(await perform(found!.walk, server)).toBeUndefined()
  })
})
