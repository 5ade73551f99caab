import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { app } from '../../test/world.ts'
import { prepareConsole } from '../operations/console-app.ts'
import { printable } from '../printable.ts'
import { sql } from '../store/database.ts'
import { formatId, newId } from '../store/ids.ts'
import { openDatabase, createStore } from '../store/store.ts'
import manifest from '../../package.json' with { type: 'json' }
import { createProgram } from './program.ts'
import { runCommand } from './run.ts'

/** What a terminal would act upon: a colour, a title, a C1 sequence, a change of text direction, and an invisible character. */
const HOSTILE = 'a\u001b[31m\u001b]0;x\u0007\u009b2J\u202eb\u200b\u2066\u00ad\u{e0041}'

let folder: string
let data: string
const user = newId()
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-output-'))
  data = join(folder, 'data')
  const database = await openDatabase(data)
  const store = createStore(database)
  await store.apps.add('demo', { ...app, name: HOSTILE }, 'system', 1)
  await prepareConsole(store, 'https://site.example', Date.now())
  for (let nth = 0; nth < 40; nth++)
    await store.keys.addApiKey(
      'demo',
      {
        id: Buffer.alloc(16, nth),
        hash: Buffer.alloc(32, nth),
        name: HOSTILE,
        hint: 'hint',
        scopes: null,
        expires_at: null,
        addresses: '[]',
      },
      'system',
      1,
    )
  // Such a name is refused today, but a database can be older than this rule.
  await database.query(sql`
    INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at)
    VALUES (${user}, 'demo', ${HOSTILE}, ${HOSTILE}, 'active', 1, 1)`)
  const [at, end] = [Date.now(), Date.now() + 1e9]
  await database.query(sql`
    INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
      absolute_at, inactivity, ip)
    VALUES (${user}, ${newId()}, 'demo', 0, 0, ${at}, ${at}, '', ${at}, ${end}, ${1e9}, ${HOSTILE})`)
  await store.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

async function run(isTerminal: boolean, args: readonly string[]): Promise<{ out: string; err: string }> {
  const output = { out: '', err: '' }
  const keep = (name: 'out' | 'err') => (chunk: unknown) => ((output[name] += String(chunk)), true)
  const streams = [
    ['out', process.stdout],
    ['err', process.stderr],
  ] as const
  const before = streams.map(([, stream]) => stream.isTTY)
  for (const [name, stream] of streams) {
    stream.isTTY = isTerminal
    vi.spyOn(stream, 'write').mockImplementation(keep(name) as typeof process.stdout.write)
  }
  const code = await runCommand(args)
  vi.restoreAllMocks()
  for (const [i, [, stream]] of streams.entries()) stream.isTTY = before[i]!
  expect([args, code, output.err.replace(/^next: .*\n$/, '')]).toEqual([args, 0, ''])
  return output
}

/** The arguments with which each command does its work. `nth` is another number at each run. */
const ARGUMENTS: Record<string, (nth: number) => string[]> = {
  migrate: () => [],
  'apps create': (nth) => [
    `--id=new-${nth}`,
    '--name=New',
    '--auth-origin=https://x.example',
    '--redirect-url=/',
  ],
  'apps list': () => [],
  'apps update': () => ['--id=demo', '--redirect-url=/'],
  'api-keys create': () => ['--app=demo'],
  'api-keys list': () => ['--app=demo'],
  'api-keys delete': (nth) => [formatId(Buffer.alloc(16, nth)), '--app=demo'],
  'client-secrets create': () => ['--app=demo'],
  'users find': () => ['a', '--app=demo'],
  'users deactivate': () => [formatId(user), '--app=demo'],
  'users activate': () => [formatId(user), '--app=demo'],
  'sessions revoke': () => [formatId(user), '--app=demo'],
  'sessions list': () => [formatId(user), '--app=demo'],
  'keys list': () => ['--app=demo'],
  'keys rotate': () => ['--app=demo'],
  'admins invite': () => [],
  backup: (nth) => [join(folder, `${nth}.db`)],
  restore: () => [join(folder, 'old.db')],
  doctor: () => [],
}
/** Commands whose result is one value, which scripts take as it is. */
const VALUES = ['api-keys create', 'client-secrets create', 'admins invite', 'backup']
/** Commands that print only what comes next. */
const SILENT = [
  'apps create',
  'apps update',
  'api-keys delete',
  'users deactivate',
  'users activate',
  'sessions revoke',
]

const leaves = (command: Command, path = ''): string[] =>
  command.commands.length
    ? command.commands.flatMap((each) => leaves(each, `${path} ${each.name()}`.trim()))
    : [path]

describe('every command', () => {
  const all = leaves(createProgram()).filter((path) => path !== 'serve')
  beforeAll(() => run(false, ['backup', join(folder, 'old.db'), '--store', data]))

  it('is tested here', () => expect(Object.keys(ARGUMENTS).toSorted()).toEqual(all.toSorted()))

  it.each(all)(
    '%s prints text and the next step on a terminal, JSON otherwise, and no raw control characters',
    async (path) => {
      let nth = path.length
      const args = () => [...path.split(' '), ...ARGUMENTS[path]!(nth++), '--store', data]
      const script = await run(false, args())
      const terminal = await run(true, args())
      for (const { out, err } of [script, terminal])
        for (const line of `${out}${err}`.split('\n')) expect(line).toBe(printable(line))
      expect(script.err).toBe('')
      expect(terminal.err).toMatch(/^next: [^\n{}]+\n$/)
      if (SILENT.includes(path)) expect([script.out, terminal.out]).toEqual(['', ''])
      else if (VALUES.includes(path)) expect([script.out, terminal.out].join('')).toMatch(/^\S+\n\S+\n$/)
      else {
        expect(() => JSON.parse(script.out)).not.toThrow()
        expect(terminal.out).toMatch(/^\w/)
        expect(() => JSON.parse(terminal.out)).toThrow(SyntaxError)
      }
    },
  )

  it('escapes in JSON so that programs read the original text', async () => {
    const { out } = await run(false, ['users', 'find', 'a', '--app', 'demo', '--store', data])
    expect(JSON.parse(out)).toMatchObject([{ identifier: HOSTILE }])
  })

  it('has the version of the package', async () => {
    expect((await run(false, ['--version'])).out).toBe(`${manifest.version}\n`)
  })
})
