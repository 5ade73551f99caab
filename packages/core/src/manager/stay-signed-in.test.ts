import { beforeEach, expect, it } from 'vitest'
import { expireToken, pass, signedIn, tabs } from '../../test/each-test.ts'
import { refusal } from '../../test/strict-server.ts'
import type { Tab } from '../../test/tabs.ts'
import { authResult, lifetime } from '../../test/tokens.ts'
import { staySignedIn } from './stay-signed-in.ts'

let tab: Tab
beforeEach(async () => {
  tabs.server.inactivity = 900
  tab = await signedIn()
  await pass(100_000)
})

const activities = () => tabs.refreshes.map(({ body }) => body['activity'])
const settle = async <T>(work: Promise<T>): Promise<PromiseSettledResult<T>> => {
  const settled = Promise.allSettled([work])
  await pass()
  return (await settled)[0]!
}

it('moves the end by one refresh that counts as activity, though the token can still be used', async () => {
  await staySignedIn(tab, tab.environment)
  expect(activities()).toEqual([undefined])
  expect(tab.session()!.inactiveAt).toBe(Date.now() + 900_000)
})

it('moves the end though a refresh without activity is under way, in this tab or another', async () => {
  const other = await tabs.open()
  for (const refreshing of [tab, other]) {
    // oxlint-disable no-await-in-loop -- One tab after the other.
    await pass(100_000)
    tabs.deliveries = ['answer-held']
    const background = refreshing.getAuthToken({ minValidSeconds: Infinity, activity: 'background' })
    await pass(1)
    const stayed = staySignedIn(tab, tab.environment)
    await pass(1)
    tabs.release()
    await pass()
    await Promise.all([background, stayed])
    expect(tab.session()!.inactiveAt).toBeGreaterThan(Date.now() + 800_000)
  }
  expect(activities()).toEqual(['background', undefined, 'background', undefined])
})

it('rejects if the server cannot be reached, and the token can still be used', async () => {
  const token = await tab.getAuthToken()
  tabs.delivery = 'lost'
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject({ reason: { code: 'unreachable' } })
  expect(await tab.getAuthToken()).toBe(token)
  tabs.delivery = 'served'
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject({ status: 'fulfilled' })
})

it('survives one answer that is lost', async () => {
  tabs.deliveries = ['answer-lost']
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject({ status: 'fulfilled' })
  expect(tabs.refreshes).toHaveLength(2)
})

it('says that only a sign-in helps if the server answers, and does not move the end (ownCloud web #7636)', async () => {
  let issued = 100
  // So does a server that also limits the idle time by the absolute lifetime.
  tabs.delivery = () => {
    const inactivity_expires_in = (tab.session()!.inactiveAt! - Date.now()) / 1000
    const result = { ...authResult('s0', 'u1', 'refresh-token', ++issued), inactivity_expires_in }
    return Response.json({ auth_result: result }, { status: 201 })
  }
  const rejection = { reason: { code: 'sign-in-required', reason: 'expired' } }
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject(rejection)
  expect(tabs.refreshes).toHaveLength(3)
  expect(tab.get()).toMatchObject({ status: 'valid' })
})

it('rejects with the reason if the session is over', async () => {
  tabs.deliveries = [() => refusal('inactive')]
  const rejection = { reason: { code: 'sign-in-required', reason: 'inactive' } }
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject(rejection)
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject(rejection)
})

it('rejects without a request if only a sign-in helps', async () => {
  const { refresh_token: _, ...withoutRefresh } = tabs.server.signIn()
  await tab.signIn(withoutRefresh)
  const rejection = { reason: { code: 'sign-in-required', reason: 'expired' } }
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject(rejection)
  await tab.signIn({ ...tabs.server.signIn(), absolute_expires_in: 600 })
  expect(await settle(staySignedIn(tab, tab.environment))).toMatchObject(rejection)
  expect(tabs.refreshes).toEqual([])
})

it('refreshes a session without limits, and sends one request', async () => {
  tabs.server.inactivity = 0
  await tab.signIn(tabs.server.signIn())
  await staySignedIn(tab, tab.environment)
  expect(tabs.refreshes).toHaveLength(1)
  expect(tab.get()).toMatchObject({ status: 'valid', expiresAt: Date.now() + (lifetime - 5) * 1000 })
})

it('stays after the auth token has expired', async () => {
  await expireToken()
  await staySignedIn(tab, tab.environment)
  expect(activities()).toEqual([undefined])
})
