import { beforeEach, expect, it, vi } from 'vitest'
import { pass, signedIn, tabs } from '../../test/each-test.ts'
import { serverUrl } from '../../test/tabs.ts'
import { INACTIVITY, openSignedIn, seconds, setClock, WARN, warn } from '../../test/warnings.ts'
import { createAuthFetch } from '../http/fetch.ts'
import { sessionServer } from '../transports/session-server.ts'

// What users of idle timers reported in public. docs/session-lifetime.md lists the reports.

beforeEach(() => {
  tabs.server.inactivity = INACTIVITY
})

it('three tabs warn a second time, after the user has stayed once (react-idle-timer #182, #244)', async () => {
  const all = (await openSignedIn(3)).map((tab) => warn(tab))
  for (let round = 0; round < 3; round++) {
    // oxlint-disable no-await-in-loop -- One round after the other.
    await seconds(INACTIVITY - 30)
    for (const { value } of all) expect(value.get()).toBeDefined()
    await all[round]!.value.get()!.staySignedIn()
    await seconds(0)
    for (const { value } of all) expect(value.get()).toBeUndefined()
  }
})

it('six idle tabs do not sign out a user who is active in the seventh (react-idle-timer #289)', async () => {
  const opened = await openSignedIn(7)
  const all = opened.map((tab) => warn(tab))
  for (let minute = 0; minute < 60; minute++) {
    void opened[6]!.getAuthToken()
    await seconds(60)
  }
  for (const { seen } of all) expect(seen).toEqual([])
  for (const tab of opened) expect(tab.session()).toBeDefined()
})

it('a device that slept past the end shows no warning, and signs out (react-idle-timer #172)', async () => {
  const tab = await signedIn()
  const { seen } = warn(tab)
  setClock(INACTIVITY + 3600)
  tab.wake()
  await seconds(5)
  expect(tab.get()).toMatchObject({ status: 'signed-out' })
  expect(seen).toEqual([])
})

it('a device that wakes in the last seconds warns (react-idle-timer #388)', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  setClock(INACTIVITY - 30)
  tab.wake()
  await seconds(2)
  expect(value.get()).toBeDefined()
})

it('a page that is opened again goes on counting (ng-idle #208, react-idle-timer #154)', async () => {
  ;(await signedIn()).crash()
  await seconds(INACTIVITY - 30)
  const { value } = warn(await tabs.open())
  expect(value.get()).toBeDefined()
})

it('a tab that stops warning leaves the other tab its warning (ng-idle #72)', async () => {
  const [one, other] = (await openSignedIn(2)).map((tab) => warn(tab))
  await seconds(INACTIVITY - 30)
  one!.stop()
  expect(other!.value.get()).toBeDefined()
  await other!.value.get()!.staySignedIn()
  expect(other!.value.get()).toBeUndefined()
})

it('two apps of one origin do not keep each other alive (ng-idle #213)', async () => {
  const shop = await signedIn()
  const transport = sessionServer({ url: serverUrl, appId: 'other' })
  const admin = await tabs.open({ transport })
  await admin.signIn(tabs.server.signIn('u2'))
  const { value } = warn(shop)
  for (let minute = 0; minute < 14; minute++) {
    void admin.getAuthToken()
    await seconds(60)
  }
  await seconds(WARN / 2)
  expect(value.get()).toBeDefined()
  expect(warn(admin).value.get()).toBeUndefined()
})

it('a page that only reads who is signed in does not move the end (next-auth #4718)', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  const end = tab.session()!.inactiveAt
  for (let minute = 0; minute < 14; minute++) {
    value.get()
    tab.session()
    await tab.getAuthToken({ activity: 'background' })
    tab.wake()
    await seconds(60)
  }
  expect(tab.session()!.inactiveAt).toBeLessThan(end! + 1000)
  await seconds(WARN / 2)
  expect(value.get()).toBeDefined()
})

it('a time as long as the whole timeout warns once, and does not repeat itself (react-idle-timer #342)', async () => {
  const tab = await signedIn()
  const { value, seen } = warn(tab, INACTIVITY)
  expect(value.get()).toBeDefined()
  await seconds(100)
  await value.get()!.staySignedIn()
  await seconds(100)
  expect(value.get()).toBeDefined()
  expect(seen).toHaveLength(1)
  expect(tabs.refreshes).toHaveLength(1)
})

it('a page that only polls in the background counts as idle (dcm4chee-arc-light #3150)', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  // As the samples do; see docs/session-lifetime.md.
  const send = createAuthFetch(
    { getAuthToken: (options) => tab.getAuthToken({ ...options, activity: 'background' }) },
    { origins: ['https://api.example.com'] },
  )
  vi.stubGlobal('fetch', async () => new Response())
  for (let poll = 0; poll < 28; poll++) {
    await send('https://api.example.com/time')
    await seconds(30)
  }
  expect(tabs.refreshes.length).toBeGreaterThan(1)
  await seconds(WARN / 2)
  expect(value.get()).toBeDefined()
})

it('activity outside the dialog also withdraws it (react-idle-timer #335)', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  await seconds(INACTIVITY - 30)
  expect(value.get()).toBeDefined()
  // The user clicks something else in the page, and it calls the API. The auth token has expired.
  await tab.getAuthToken()
  await pass(0)
  expect(value.get()).toBeUndefined()
})
