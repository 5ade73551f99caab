import { expect } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { test } from '../src/console-fixtures.ts'
import { openSession, SessionServer } from '../src/session-server.ts'

const app = SessionServer.appId

test('filters the audit trail by session and exports it as CSV', async ({ page, server, admin }) => {
  const [one] = [await openSession(server), await openSession(server)]
  await server.manage('DELETE', `/users/${one.user_id}/sessions/${one.session_id}`)
  await server.manage('POST', '/users', { identifier: '=HYPERLINK("https://evil.example")' })
  const exported = async (): Promise<string[]> => {
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export as CSV' }).click()
    expect((await download).suggestedFilename()).toBe('demo-events.csv')
    return (await readFile(await (await download).path(), 'utf8')).split('\r\n')
  }

  await admin.visit(`/apps/${app}/activity`)
  const { events } = (await (await server.manage('GET', '/events')).json()) as { events: { id: string }[] }
  const [header, ...lines] = await exported()
  expect(header).toBe(
    'at,type,identifier,user_id,session_id,actor,actor_name,ip,user_agent,request_id,data,id',
  )
  expect(lines.map((line) => line.split(',').at(-1))).toEqual(events.map(({ id }) => id))
  // The cell is escaped, so that spreadsheets do not run it as a formula.
  expect(lines.join()).toContain(`,"'=HYPERLINK(""https://evil.example"")",`)

  const name = `Session ${one.session_id.slice(0, 6)}…`
  await page.getByRole('link', { name }).first().click()
  await expect(page.getByText('No more events.')).toBeVisible()
  const trail = page.getByRole('list').filter({ hasText: 'Signed in' })
  await expect(trail.getByRole('listitem')).toHaveText([/^Session ended/, /^Signed in/])
  expect(await exported()).toHaveLength(3)

  await page.getByRole('button', { name: `Clear the filter: ${name}` }).click()
  await expect(trail.getByRole('listitem')).toHaveCount(events.length)
  expect(await admin.violations()).toEqual([])
})
