import { expect, it } from 'vitest'
import { expireToken, pass, signedIn, tabs, until, untilRefreshes } from '../../test/each-test.ts'
import { hangingStore } from '../../test/stores.ts'
import type { Store } from '../stores/store.ts'

/** A signed-in tab whose storage hangs, so that what it signs out is not written. */
const stuck = async () => {
  const storage = hangingStore(tabs.storage)
  const auth = await tabs.open({ storage })
  await auth.signIn(tabs.server.signIn())
  storage.hang()
  return auth
}

const signOutAndDie = (auth: Awaited<ReturnType<typeof stuck>>): void => {
  auth.signOut().catch(() => {})
  auth.crash()
}

it('a page that is left in the turn of its sign-out ends the session for the next page (case B1)', async () => {
  signOutAndDie(await stuck())
  expect((await tabs.record())!.session).toBeDefined()
  const next = await tabs.open()
  expect(next.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect((await tabs.record())!.reason).toBe('signed-out')
  await pass(100)
  expect(tabs.server.sessions.get('s0')!.ended).toBe(true)
})

it('the next page writes that sign-out with its first read, also while the server is not reached (case B1)', async () => {
  signOutAndDie(await stuck())
  tabs.delivery = 'hanging'
  await tabs.open()
  expect((await tabs.record())!.reason).toBe('signed-out')
})

it('a tab that hears of a sign-out writes it, even if the sender is gone (case B1)', async () => {
  const auth = await stuck()
  const other = await tabs.open()
  signOutAndDie(auth)
  tabs.lastMessages.clear()
  await until(other, 'signed-out')
  await pass(100)
  expect((await tabs.record())!.reason).toBe('signed-out')
})

it('a page that signs out before it has read the storage, and is left, ends the session (case B1)', async () => {
  const before = await signedIn()
  before.crash()
  const storage = hangingStore(tabs.storage)
  storage.hang()
  const auth = tabs.create({ storage })
  auth.signOut().catch(() => {})
  auth.crash()
  expect((await tabs.open()).get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
})

it('a later sign-in beats an older hint of a sign-out (case B1)', async () => {
  const auth = await stuck()
  signOutAndDie(auth)
  const next = tabs.create()
  await next.signIn(tabs.server.signIn('u2'))
  next.crash()
  expect((await tabs.open()).session()?.userId).toBe('u2')
  expect((await tabs.open()).get().status).toBe('valid')
})

it('another tab that learns late of its own refresh does not hide the sign-out of a page that is gone (case B1)', async () => {
  const auth = await stuck()
  let learn = (): void => {}
  const { update } = tabs.storage
  let isHeld = false
  /** Performs each transaction at once. While it is held, the tab learns the result later. */
  const storage: Store = {
    async update(key, change) {
      const after = await update(key, change)
      if (isHeld && after?.generation) await new Promise<void>((resolve) => (learn = resolve))
      return after
    },
  }
  const other = await tabs.open({ storage })
  await expireToken()
  isHeld = true
  void other.getAuthToken().catch(() => {})
  await untilRefreshes(1)
  await pass(100)
  tabs.hints = false
  signOutAndDie(auth)
  learn()
  await pass(100)
  expect((await tabs.open()).get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
})

it('a sign-out before the first read, after an earlier sign-out, ends no session and does not fail', async () => {
  const before = await signedIn()
  await before.signOut()
  await pass(100)
  before.crash()
  const auth = tabs.create()
  await auth.signOut()
  auth.wake()
  await pass(100)
  expect(auth.get()).toEqual({ status: 'signed-out', reason: 'signed-out' })
  expect(tabs.server.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(1)
})
