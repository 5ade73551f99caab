import { expect } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '../../src/fixtures.ts'

/** Milliseconds. */
const OUTAGE = 10_000

test(
  'F44: a session survives a server that is down for ten seconds',
  { tag: ['@once', '@full'] },
  async ({ tab, server, user }) => {
    await tab.press('backend-sign-in', user)
    await tab.apiAnswers()
    const signedOutBefore = await tab.signedOutEntries.count()

    await server.stop('SIGKILL')
    await sleep(OUTAGE)
    // Checks that the outage was longer than the token's life.
    await expect(tab.state).not.toHaveText('valid')
    await expect.poll(() => tab.count('api-waiting')).toBeGreaterThan(0)

    await server.start()
    await expect(tab.state).toHaveText('valid')
    await tab.apiAnswersAgain(2)
    // However long the server was away, calls have waited: those that gave up waiting sent nothing.
    expect(await tab.count('api-failed')).toBe(0)
    expect(await tab.signedOutEntries.count()).toBe(signedOutBefore)
  },
)

test(
  'the counter shows a waiting call while the state is refreshing (case H7)',
  { tag: '@once' },
  async ({ tab, user }) => {
    await tab.press('backend-sign-in', user)
    await tab.apiAnswers()
    // From now on, the session server takes every refresh and answers none.
    await tab.page.route('**/v1/apps/*/tokens', () => {})
    await expect
      .poll(async () => [await tab.state.textContent(), (await tab.count('api-waiting')) > 0])
      .toEqual(['refreshing', true])
    await tab.page.unroute('**/v1/apps/*/tokens')
    await tab.apiAnswersAgain()
    expect(await tab.count('api-failed')).toBe(0)
  },
)
