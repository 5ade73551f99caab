import { expect, it, onTestFinished } from 'vitest'
import { expireToken, pass, tabs } from '../../test/each-test.ts'
import { providerAnswers } from '../../test/providers.ts'
import { createTokenManager } from '../manager/manager.ts'
import type { ManagerEvent } from '../manager/api.ts'
import { memoryStore } from '../stores/store.ts'
import { oauth } from './oauth.ts'

const signIn = { access_token: 'at', expires_in: 300, refresh_token: 'rt' }

it.for(providerAnswers)(
  '$provider to $to: $status $body means $means (cases E1, E2, oidc C1)',
  async ({ status, headers = {}, body, means }) => {
    const events: ManagerEvent[] = []
    const auth = createTokenManager({
      transport: oauth({ tokenEndpoint: 'https://id.example.com/token', clientId: 'app' }),
      storage: memoryStore(),
      environment: { ...tabs.environment(), fetch: async () => new Response(body, { status, headers }) },
      onEvent: (event) => events.push(event),
    })
    onTestFinished(() => auth.dispose())
    await auth.signIn(signIn)
    await expireToken()
    const call = auth.getAuthToken().then(
      () => 'a token',
      (error: unknown) => error,
    )
    await pass()
    const error = await call
    const state = auth.get()
    if (means === 'over') {
      expect(state).toEqual({ status: 'signed-out', reason: 'revoked' })
      expect(error).toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
    } else if (means === 'sign-in-required') {
      expect(state).toMatchObject({ status: 'expired', session: { renewable: false } })
      expect(error).toMatchObject({ code: 'sign-in-required' })
    } else {
      expect(state).toMatchObject({ status: 'expired', cause: { code: means }, session: { renewable: true } })
      expect(error).toMatchObject({
        code: means,
        cause: { message: expect.stringContaining(String(status)) },
      })
    }
    expect(events.at(-1)).toMatchObject({ type: 'refresh-ended', code: means === 'over' ? undefined : means })
  },
)

it('each answer names the source of each of its fields', () => {
  for (const { source } of providerAnswers)
    for (const place of Object.values(source)) expect(place).toMatch(/^https:\/\/|^assumed$/)
})
