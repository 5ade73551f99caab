import { expect, it } from 'vitest'
import { signedIn, tabs } from '../../test/each-test.ts'
import { serverUrl } from '../../test/tabs.ts'
import { sessionServer } from '../transports/session-server.ts'
import { wasSignedIn } from './was-signed-in.ts'

const transport = sessionServer({ url: serverUrl, appId: 'app' })
const hint = (): boolean => wasSignedIn(transport, tabs.environment())

it('is true after a sign-in, also for a page that has just been opened', async () => {
  expect(hint()).toBe(false)
  const auth = await signedIn()
  auth.crash()
  expect(hint()).toBe(true)
})

it('is false as soon as the user signs out, and stays false if the page is left', async () => {
  const auth = await signedIn()
  auth.signOut().catch(() => {})
  expect(hint()).toBe(false)
  auth.crash()
  await tabs.open()
  expect(hint()).toBe(false)
})
