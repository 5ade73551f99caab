import fc from 'fast-check'
import { beforeEach, expect, it, vi } from 'vitest'
import { pass, signedIn, tabs, until } from '../../test/each-test.ts'
import { countDown, INACTIVITY, openSignedIn, seconds, setClock, WARN, warn } from '../../test/warnings.ts'
import { sessionEnd } from './session-end.ts'
import { sessionWarning } from './session-warning.ts'

beforeEach(() => {
  tabs.server.inactivity = INACTIVITY
})

it('warns in every tab for the last seconds of the session, and never after its end', async () => {
  const all = (await openSignedIn(3)).map((tab) => warn(tab))
  await seconds(INACTIVITY - WARN - 1)
  expect(all.map(({ value }) => value.get())).toEqual([undefined, undefined, undefined])
  await seconds(1)
  for (const { value } of all)
    expect(value.get()).toMatchObject({ canStay: true, endsAt: Date.now() + 60_000 })
  await seconds(WARN)
  for (const { value, seen } of all) {
    expect(value.get()).toBeUndefined()
    expect(seen).toHaveLength(2)
  }
})

it('asks the server once when the session is over, so that every tab says who is signed in (next-auth #381)', async () => {
  const opened = await openSignedIn(2)
  for (const tab of opened) warn(tab)
  await seconds(INACTIVITY + 5)
  for (const tab of opened) expect(tab.get()).toEqual({ status: 'signed-out', reason: 'inactive' })
  expect(tabs.refreshes.map(({ body }) => body['activity'])).toEqual(['background'])
})

it('asks again when the page wakes, if the server could not be reached at the end', async () => {
  const tab = await signedIn()
  warn(tab)
  tabs.delivery = 'lost'
  await seconds(INACTIVITY + 60)
  const tries = tabs.refreshes.length
  expect(tries).toBeLessThanOrEqual(3)
  await seconds(3600)
  expect(tabs.refreshes).toHaveLength(tries)
  tabs.delivery = 'served'
  tab.wake()
  await seconds(5)
  expect(tab.get()).toMatchObject({ reason: 'inactive' })
})

it('asks the server about a session that was over before the page was opened', async () => {
  ;(await signedIn()).crash()
  await seconds(INACTIVITY + 1)
  const tab = await tabs.open()
  const { seen } = warn(tab)
  await seconds(5)
  expect(tab.get()).toMatchObject({ reason: 'inactive' })
  expect(seen).toEqual([])
})

it('withdraws the warning in every tab when the user stays in one', async () => {
  const all = (await openSignedIn(2)).map((tab) => warn(tab))
  await seconds(INACTIVITY - 10)
  await all[1]!.value.get()!.staySignedIn()
  await seconds(0)
  for (const { value } of all) expect(value.get()).toBeUndefined()
  await seconds(INACTIVITY - WARN)
  for (const { value } of all) expect(value.get()).toMatchObject({ canStay: true })
})

it('withdraws the warning when the user signs out', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  await seconds(INACTIVITY - 10)
  expect(value.get()).toBeDefined()
  await tab.signOut()
  expect(value.get()).toBeUndefined()
})

it('keeps the time if the wall clock is set back', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  const left = countDown(tab).value
  await seconds(INACTIVITY - WARN - 30)
  setClock(-3600)
  await seconds(30)
  expect(value.get()).toBeDefined()
  expect(left.get()).toBe(WARN)
  await seconds(WARN)
  expect([value.get(), left.get()]).toEqual([undefined, 0])
})

it('notices within half a minute that the device has slept, though no event says so (react-idle-timer #281)', async () => {
  const tab = await signedIn()
  const { value } = warn(tab)
  await seconds(100)
  setClock(INACTIVITY - 100 - 50)
  await seconds(30)
  expect(value.get()).toBeDefined()
  setClock(3600)
  await seconds(30)
  expect(value.get()).toBeUndefined()
  await until(tab, 'signed-out')
})

it('shows no warning in a page that wakes, if another tab has kept the session alive', async () => {
  const other = await signedIn()
  let isSlow = false
  const frozen = await tabs.open({
    storage: {
      async update(key, change) {
        if (isSlow) await new Promise((resolve) => setTimeout(resolve, 500))
        return tabs.storage.update(key, change)
      },
    },
  })
  const { seen } = warn(frozen)
  tabs.hints = false
  await other.getAuthToken({ minValidSeconds: Infinity })
  await seconds(1)
  // While a page is frozen, its timers do not run.
  setClock(INACTIVITY - 30)
  await other.getAuthToken({ minValidSeconds: Infinity })
  const requests = tabs.refreshes.length
  isSlow = true
  frozen.wake()
  await seconds(20)
  expect(seen).toEqual([])
  expect(tabs.refreshes).toHaveLength(requests)
})

it('waits for an end that is further away than a timer can be set (react-idle-timer #92)', async () => {
  tabs.server.inactivity = 40 * 86_400
  const { value, seen } = warn(await signedIn())
  // A number that does not fit into 32 bits would fire at once.
  await seconds(60)
  expect(seen).toEqual([])
  setClock(40 * 86_400 - 3 * WARN)
  await seconds(30)
  expect(value.get()).toBeUndefined()
  await seconds(WARN)
  expect(value.get()).toBeDefined()
})

it('answers without a subscription, and then sets no timer', async () => {
  const tab = await signedIn()
  const value = sessionWarning(tab, WARN, tab.environment)
  await seconds(400)
  const timers = vi.getTimerCount()
  expect(value.get()).toBeUndefined()
  await seconds(INACTIVITY - 400 - 30)
  expect(value.get()).toBeDefined()
  expect(value.get()).toBe(value.get())
  expect(vi.getTimerCount()).toBeLessThanOrEqual(timers)
})

it('leaves no timer after the last subscription has ended', async () => {
  const tab = await signedIn()
  const timers = vi.getTimerCount()
  const { value, stop } = warn(tab)
  const stopSecond = value.subscribe(() => {})
  stop()
  stop()
  expect(vi.getTimerCount()).toBe(timers + 1)
  stopSecond()
  tab.wake()
  await seconds(2)
  expect(vi.getTimerCount()).toBe(timers)
})

it('does not notify each second; a countdown does', async () => {
  const tab = await signedIn()
  const { seen } = warn(tab)
  const countdown = countDown(tab)
  await seconds(INACTIVITY - 5)
  expect(seen).toHaveLength(1)
  expect(countdown.seen).toHaveLength(INACTIVITY - 5)
  await seconds(5)
  expect(countdown.seen.slice(-5)).toEqual([4, 3, 2, 1, 0])
})

it('rejects a time that is not more than 0', async () => {
  const tab = await signedIn()
  for (const time of [0, -1, Number.NaN])
    expect(() => sessionWarning(tab, time)).toThrow(/more than 0 seconds/)
})

type Move = readonly ['pass' | 'stay' | 'call' | 'ahead' | 'sign-in' | 'sign-out' | 'wake', number]

it('law: every tab warns exactly while the session ends within the given time', async () => {
  const move = fc.tuple(
    fc.constantFrom<Move[0]>(
      'pass',
      'pass',
      'pass',
      'pass',
      'pass',
      'stay',
      'call',
      'ahead',
      'sign-in',
      'sign-out',
      'wake',
    ),
    fc.integer({ min: 0, max: 120 }),
  )
  let warnings = 0
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 10, maxLength: 25 }), async (moves) => {
      tabs.server.inactivity = 200
      const opened = [await tabs.open(), await tabs.open(), await tabs.open()]
      const all = opened.map((tab) => warn(tab))
      await opened[0]!.signIn(tabs.server.signIn())
      for (const [kind, number] of moves) {
        const index = number % 3
        const tab = opened[index]!
        const ignore = (): void => {}
        // oxlint-disable no-await-in-loop -- One move after the other.
        if (kind === 'pass') await seconds(number)
        else if (kind === 'stay') void all[index]!.value.get()?.staySignedIn().catch(ignore)
        else if (kind === 'call') void tab.getAuthToken().catch(ignore)
        else if (kind === 'ahead')
          void tab.getAuthToken({ minValidSeconds: Infinity, activity: 'background' }).catch(ignore)
        else if (kind === 'sign-in') await tab.signIn(tabs.server.signIn())
        else if (kind === 'sign-out') await tab.signOut()
        else tab.wake()
        await pass(1)
        const current = opened[0]!.session()
        const end = current && tabs.server.sessions.get(current.id)!.activeAt + tabs.server.inactivity * 1000
        const left = end === undefined ? 0 : end - Date.now()
        for (const [each, { value }] of all.entries()) {
          const expected = left > 0 && left <= WARN * 1000
          warnings += Number(expected)
          expect([each, Boolean(value.get())]).toEqual([each, expected])
          expect(sessionEnd(opened[each]!.get())?.endsAt).toBe(end)
        }
      }
      for (const { stop } of all) stop()
      await opened[0]!.signOut()
      for (const tab of opened) tab.crash()
    }),
    { numRuns: 30 },
  )
  expect(warnings).toBeGreaterThan(0)
})
