import { expect, it, vi } from 'vitest'
import { expireToken, pass, signedIn, tabs } from '../../test/each-test.ts'
import { refusal } from '../../test/strict-server.ts'
import type { Delivery } from '../../test/tabs.ts'
import type { Environment } from '../environment.ts'

it('reports how each refresh ended, and why (case D8)', async () => {
  const onEvent = vi.fn<(event: unknown) => void>()
  const auth = tabs.create({ onEvent })
  await auth.signIn(tabs.server.signIn())
  await expireToken()
  await auth.getAuthToken()
  tabs.delivery = 'lost'
  await expireToken()
  await Promise.all([expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'unreachable' }), pass()])
  tabs.delivery = () => refusal()
  await expect(auth.getAuthToken()).rejects.toMatchObject({ code: 'sign-in-required', reason: 'revoked' })
  await pass(0)
  expect(onEvent.mock.calls).toEqual([
    [{ type: 'refresh-ended' }],
    [{ type: 'refresh-ended', code: 'unreachable', cause: expect.any(Error) }],
    [{ type: 'refresh-ended', reason: 'revoked' }],
  ])
})

it('a listener that was removed is not called, not even for a change that came before', async () => {
  const auth = await signedIn()
  const statuses: string[] = []
  const stop = auth.subscribe(({ status }) => statuses.push(status))
  const signedOut = auth.signOut()
  stop()
  await signedOut
  await pass(0)
  expect(statuses).toEqual([])
})

it('no event, error, address or message between tabs contains a token', async () => {
  const seen: unknown[] = []
  const environment = tabs.environment()
  const recording: Environment = {
    ...environment,
    channel: (name, listener, signal) => {
      const post = environment.channel(name, listener, signal)!
      return (message) => (seen.push(name, message), post(message))
    },
    fetch: (url, init) => (seen.push(url), environment.fetch(url, init)),
  }
  const auth = tabs.create({ environment: recording, onEvent: (event) => seen.push(event) })
  const first = tabs.server.signIn()
  await auth.signIn(first)
  const tokens = [first.auth_token, first.refresh_token]
  const deliveries: Delivery[] = ['served', 'lost', () => refusal()]
  for (const delivery of deliveries) {
    tabs.delivery = delivery
    await expireToken()
    const caught = auth.getAuthToken().then(
      (token) => tokens.push(token, 's0:1:u1'),
      ({ message, stack, cause, ...rest }: Error) => seen.push(message, stack, cause, rest),
    )
    await pass()
    await caught
  }
  const nonsense = { ...first, auth_token: 'canary', auth_token_expires_in: Number.NaN }
  const error = await auth.signIn(nonsense).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(TypeError)
  expect(String(error)).not.toContain('canary')
  await auth.signIn(tabs.server.signIn())
  await auth.signOut()
  const everything = seen.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n')
  expect(seen.length).toBeGreaterThan(10)
  for (const token of tokens) expect(everything).not.toContain(token)
})
