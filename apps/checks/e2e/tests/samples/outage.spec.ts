import { expect } from '@playwright/test'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from '../../src/fixtures.ts'

const OUTAGE = 10_000

test(
  'F44: a server killed for ten seconds signs nobody out',
  { tag: '@once' },
  async ({ tab, server, user }) => {
    await tab.press('backend-sign-in', user)
    await tab.apiAnswers()
    const signedOutBefore = await tab.signedOutEntries.count()

    await server.stop('SIGKILL')
    await sleep(OUTAGE)
    // The outage was longer than the token's life: without this the test would prove nothing.
    await expect(tab.state).not.toHaveText('valid')
    expect(await tab.count('api-waiting')).toBeGreaterThan(0)

    await server.start()
    await expect(tab.state).toHaveText('valid')
    await tab.apiAnswersAgain(2)
    expect(await tab.count('api-failed')).toBe(0)
    expect(await tab.signedOutEntries.count()).toBe(signedOutBefore)
  },
)
