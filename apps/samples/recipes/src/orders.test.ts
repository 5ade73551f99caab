import { createAuthFetch } from '@tokenkeep/core'
import { createFakeTokenManager } from '@tokenkeep/testing'
import { expect, test, vi } from 'vitest'
import { auth } from './auth.ts'
import { Orders } from './orders.ts'

test('a module uses the manager without a component, and the manager does nothing before its first use', () => {
  expect(auth.get()).toEqual({ status: 'refreshing' })
})

test('a class that gets a fetch sends the token to the API that it names', async () => {
  const send = vi.fn<typeof fetch>(async () => Response.json(['Pancakes']))
  const authFetch = createAuthFetch(createFakeTokenManager(), {
    origins: ['https://api.example.com'],
    fetch: send,
  })
  expect(await new Orders(authFetch).list()).toEqual(['Pancakes'])
  expect((send.mock.lastCall![0] as Request).headers.get('authorization')).toBe('Bearer fake.auth.token')
})
