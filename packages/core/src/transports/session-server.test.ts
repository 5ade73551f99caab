import { endReason } from '@tokenkeep/protocol'
import { describe, expect, it } from 'vitest'
import { refreshRequest } from '../../test/requests.ts'
import { refusal } from '../../test/strict-server.ts'
import { sessionServer } from './session-server.ts'

it('uses the app’s token endpoint, which also names the record', () =>
  expect(sessionServer({ url: 'https://auth.example.com/', appId: 'app' }).key).toBe(
    'https://auth.example.com/v1/apps/app/tokens',
  ))

describe('a refusal', () => {
  const transport = sessionServer({ url: 'https://auth.example.com', appId: 'a' })
  const refused = (reason?: unknown) =>
    transport.refresh(
      refreshRequest,
      async () => refusal(reason),
      () => 0,
    )

  it.for(endReason.options)('passes on the reason %s', async (reason) =>
    expect(await refused(reason)).toEqual({ refused: reason }),
  )

  it.for([undefined, null, 'moved', 'none', 'constructor', ['expired']])(
    'turns the reason %j, which apps do not know, into `revoked`',
    async (reason) => expect(await refused(reason)).toEqual({ refused: 'revoked' }),
  )
})
