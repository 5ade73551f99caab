import { expect } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '../../src/fixtures.ts'

/** Milliseconds. */
const OUTAGE = 10_000

test(
  'F44: a session survives a server that is down for ten seconds',
  { tag: '@once' },
  async ({ tab, server, user }) => {
    await tab.press('backend-sign-in', user)
    await tab.apiAnswers()
    const signedOutBefore = await tab.signedOutEntries.count()

    await server.stop('SIGKILL')
    await sleep(OUTAGE)
    // Checks that the outage was longer than the token's life.
    await expect(tab.state).not.toHaveText('valid')
    expect(await tab.count('api-waiting')).toBeGreaterThan(0)

    await server.start()
    await expect(tab.state).toHaveText('valid')
    await tab.apiAnswersAgain(2)
    expect(await tab.count('api-failed')).toBe(0)
    expect(await tab.signedOutEntries.count()).toBe(signedOutBefore)
  },
)
