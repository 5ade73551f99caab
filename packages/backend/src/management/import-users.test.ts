import { execFile } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestSessionServer } from '../../test/session-server.ts'

const script = fileURLToPath(new URL('../../examples/import-users.mjs', import.meta.url))
const file = join(tmpdir(), `${crypto.randomUUID()}.csv`)
const csv = `\uFEFFid,email,phone,note\r
1,ada@example.com,,"first, and ""best"""\r
2,,+15550100,\r
3,,,nobody
4,grace@example.com,+15550101,last`

let server: TestSessionServer
beforeAll(async () => {
  server = await TestSessionServer.create()
  await writeFile(file, csv)
})
afterAll(async () => {
  await server.dispose()
  await rm(file)
})

it('creates each user of a CSV file once, also if it runs again', async () => {
  const run = async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', script, file], {
      env: { ...process.env, ...server.environment },
    })
    return stdout.trim()
  }
  expect(await run()).toBe('3 created, 0 existing, 1 without an identifier')
  expect(await run()).toBe('0 created, 3 existing, 1 without an identifier')
  const { users } = server.backend()
  expect(await users.getByIdentifier('ada@example.com')).toMatchObject({
    status: 'active',
    user_metadata: { id: '1', note: 'first, and "best"' },
  })
  expect(await users.getByIdentifier('+15550100')).toMatchObject({ phone: '+15550100' })
}, 120_000)
