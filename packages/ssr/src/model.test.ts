import { createHmac, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createModel, steps, type Model } from '../test/model.ts'
import { makePlainApp } from '../test/plain-app.ts'
import { sessionServer } from './index.ts'

const hmac = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest().subarray(0, 16).toString('base64url')

/** The retry ids that a thief who has only a refresh token can make up. */
const guesses: Record<string, (token: string) => string | undefined> = {
  none: () => undefined,
  'a random one': () => randomBytes(16).toString('base64url'),
  'the HMAC of the token without a secret': (token) => hmac('', token),
  'the HMAC of the token under the token': (token) => hmac(token, token),
}

const runs = { numRuns: Number(process.env['SSR_WALKS'] ?? 60), endOnFailure: true }

const walk = (model: Model): Promise<void> => fc.assert(fc.asyncProperty(steps, model.play), runs)
const theft = async (model: Model): Promise<void> => {
  for (const idOf of Object.values(guesses)) for (const age of [0, 1, 3]) await model.steal(idOf, age)
}

it('J1, J2, J3, J7: serves every page in the end, with one rotation per expiry and no alarm, despite lost and late cookies', async () => {
  const model = await createModel(makePlainApp)
  await walk(model)
  console.log('ssr model:', model.seen)
  for (const count of Object.values(model.seen)) expect(count).toBeGreaterThan(0)
  await model.close()
})

it('J12: the theft of a refresh token alone is noticed at the next use, for each id that a thief can make up', async () => {
  const model = await createModel(makePlainApp)
  await theft(model)
  await model.close()
})

describe('the model finds each mutant', () => {
  afterEach(() => {
    vi.doUnmock('./sealing/retry-id.ts')
    vi.doUnmock('./session/refresher.ts')
    vi.doUnmock('./session/sealed-record.ts')
    vi.resetModules()
  })
  /** The app with the modules that are mocked now. */
  const mutated = async () => (await import('../test/plain-app.ts')).makePlainApp
  const dies = async (
    model: Model,
    property: (model: Model) => Promise<void>,
    because: RegExp,
  ): Promise<void> => {
    const found: unknown = await property(model).catch((error: Error) => error)
    await model.close()
    expect(found).toBeInstanceOf(Error)
    // fast-check wraps the error that the model has thrown.
    const { cause = found } = found as Error
    expect((cause as Error).message).toMatch(because)
  }

  it('random ids: each instance creates its own', async () => {
    vi.resetModules()
    vi.doMock('./sealing/retry-id.ts', () => ({
      deriveRetryId: async () => randomBytes(16).toString('base64url'),
    }))
    await dies(await createModel(await mutated()), walk, /J1.*reused/)
  })

  it('ids by a count of refreshes: an instance that skips a generation counts differently for ever', async () => {
    vi.resetModules()
    vi.doMock('./session/refresher.ts', async (load) => {
      const { createRefresh } = await load<typeof import('./session/refresher.ts')>()
      return {
        createRefresh: (...options: Parameters<typeof createRefresh>): ReturnType<typeof createRefresh> => {
          const refresh = createRefresh(...options)
          return async (record, minValid) => {
            const after = await refresh(record, minValid)
            return after.session ? { ...after, retryId: hmac(record.secret, `${after.generation}`) } : after
          }
        },
      }
    })
    await dies(await createModel(await mutated()), walk, /J1.*reused/)
  })

  it('ids without a secret: a thief can compute the id from the token', async () => {
    vi.resetModules()
    vi.doMock('./sealing/retry-id.ts', () => ({
      deriveRetryId: async (_: string, token: string) => hmac('', token),
    }))
    await dies(await createModel(await mutated()), theft, /J12/)
  })

  it('cookies that are sent again unchanged', async () => {
    vi.resetModules()
    vi.doMock('./session/sealed-record.ts', async (load) => ({
      ...(await load<object>()),
      hasAdvanced: () => true,
    }))
    await dies(await createModel(await mutated()), walk, /J7/)
  })

  it('late ends the session: the answer `superseded` signs out', async () => {
    const anonymous = sessionServer({ url: 'https://auth.example', appId: 'shop' })
    const transport: typeof anonymous = {
      ...anonymous,
      async refresh(...request) {
        const answer = await anonymous.refresh(...request)
        return answer.refused ? { refused: 'revoked' } : answer
      },
    }
    await dies(await createModel(makePlainApp, { transport }), walk, /J1.*revoked/)
  })

  it('an app server without a secret: a browser that is behind is never served again', async () => {
    const transport = sessionServer({ url: 'https://auth.example', appId: 'shop' })
    await dies(await createModel(makePlainApp, { transport }), walk, /J1: not served.*expired/)
  })
})
