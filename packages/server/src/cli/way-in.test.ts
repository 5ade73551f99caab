import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runHere } from '../../test/command.ts'
import { app } from '../../test/world.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { openStore } from '../store/store.ts'
import { hashSecret } from '../tokens/api-keys.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-way-in-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

it('an admin is invited from the command line, below the path of the site (case H3)', async () => {
  const store = await openStore(folder)
  await prepareConsole(store, 'https://site.example/auth', Date.now())
  const { code, out, err } = await runHere('admins', 'invite', '--store', folder)
  expect([code, err]).toEqual([0, ''])
  const [, secret] = /^https:\/\/site\.example\/auth\/console\/#invitation=([\w-]+)\n$/.exec(out)!
  expect(await store.invitations.find('console', hashSecret(secret!), Date.now())).toBeDefined()
  await store.close()
})

it('a database is backed up while it is open, and restored when it is not (case F4)', async () => {
  const [data, backup] = [join(folder, 'data'), join(folder, 'backup.db')]
  const store = await openStore(data)
  await store.apps.add('before', app, 'system', 1)
  expect(await runHere('backup', backup, '--store', data)).toEqual({ code: 0, out: `${backup}\n`, err: '' })
  await store.apps.add('after', app, 'system', 1)
  expect(await runHere('restore', backup, '--store', data)).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^tokenkeep: .*stop the server first\n$/),
  })
  await store.close()
  expect(await runHere('restore', backup, '--store', data)).toMatchObject({ code: 0, err: '' })
  const { out } = await runHere('apps', 'list', '--store', data)
  expect(JSON.parse(out)).toMatchObject([{ id: 'before' }])
  expect((await runHere('backup', backup, '--store', 'postgres://u:c4n4ry@host/x')).err).toMatch(
    /^tokenkeep: --store: .*pg_dump(?!.*c4n4ry).*\n$/,
  )
})
