import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { runHere, type Run } from '../../test/command.ts'
import { app } from '../../test/world.ts'
import { openStore } from '../store/store.ts'
import { flagOf, schema, secrets, type Setting } from './config.ts'
import { createProgram } from './program.ts'

let folder: string
let store: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-wrong-'))
  store = join(folder, 'data')
  const opened = await openStore(store)
  await opened.apps.add('demo', app, 'system', 1)
  await opened.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => vi.restoreAllMocks())

/** Without a wrong value, `serve` would run until the end. */
const run = (...args: string[]): Promise<Run> =>
  Promise.race([
    runHere(...args),
    new Promise<never>((_, reject) =>
      setTimeout(() => reject(new Error(`${args.join(' ')} runs on`)), 300_000).unref(),
    ),
  ])
const files = (): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()

/** Runs a command that must fail with one helpful line that contains `named`, and must create nothing. */
async function expectOneLine(args: readonly string[], ...named: readonly string[]): Promise<void> {
  const before = files()
  const { code, out, err } = await run(...args)
  const told = `${args.join(' ')}\n${out}${err}`
  expect([told, code, out]).toEqual([told, 1, ''])
  expect(err, told).toMatch(/^tokenkeep: [^\n]{10,}\n$/)
  // No stack, no words of a schema library, no raw control characters, and something to do after the value.
  expect(err, told).not.toMatch(
    / at \S+:\d+|ZodError|Invalid (input|option|string)|expected (string|number|int|one)|received|undefined|\[object/i,
  )
  // eslint-disable-next-line no-control-regex
  expect(err.trimEnd(), told).not.toMatch(/[\u0000-\u001f\u007f\u202e\u200b]/)
  expect(err, told).toMatch(
    /must |choose|correct|see |use |tokenkeep |--help|name a file|create|restore|at least/,
  )
  for (const part of named) expect(err, told).toContain(part)
  expect(files(), told).toEqual(before)
}

const NUMBERS = [
  'abc',
  '-1',
  '1e3',
  '0x10',
  ' 5',
  '5 ',
  '1,5',
  '',
  'tcp://10.0.0.1:4000',
  '99999999999999',
  '½',
  'NaN',
]
const ODD = ['\u001b[31mred', 'a\u202eb', 'a\u200bb', '\u0007']
const wrongSettings: Partial<Record<Setting, readonly string[]>> = {
  ...Object.fromEntries(
    (
      [
        'eventDays',
        'port',
        'trustedProxies',
        'headersTimeout',
        'requestTimeout',
        'drainDelay',
        'drainTimeout',
        'failuresPerAddress',
        'signUpsPerAddress',
        'signInsPerAddress',
      ] as const
    ).map((setting) => [setting, [...NUMBERS, ...ODD]]),
  ),
  store: [
    '',
    ' ',
    'mysql://x/y',
    'postgres:x',
    'file:///data',
    'sqlite://x',
    'http://x',
    'redis://x',
    'POSTGRESS://x/y',
    'postgres://a:b:c/d',
  ],
  baseUrl: [
    '',
    'x',
    'example.com',
    'ftp://x',
    'http://',
    'https://u:p@x',
    'https://x?a=1',
    'https://x#a',
    '//x',
    'javascript:1',
    ...ODD,
  ],
  privateWebhooks: ['', 'yes', 'ALLOW', 'true', '1', ...ODD],
  logLevel: ['', 'loud', 'INFO', 'trace', '0', 'info ', 'warning', 'off', 'null', 'true', ...ODD],
  host: [''],
  masterKeyFile: [''],
}

describe('each wrong value of each option prints one line that names it (case F14)', () => {
  const commandsOf = (command: Command): Command[] =>
    command.commands.length ? command.commands.flatMap(commandsOf) : [command]
  const pathOf = (command: Command): string[] =>
    command.parent ? [...pathOf(command.parent), command.name()] : []
  const all = commandsOf(createProgram())

  for (const command of all) {
    const path = pathOf(command)
    const args = command.registeredArguments.map(() => 'x')
    const needed = command.options
      .filter(({ mandatory }) => mandatory)
      .flatMap(({ long }) => [
        long!,
        { '--redirect-url': '/', '--auth-origin': 'https://x.example' }[long!] ?? 'demo',
      ])

    it(`tokenkeep ${path.join(' ')}`, async () => {
      for (const setting of Object.keys(schema.shape) as Setting[]) {
        const flag = flagOf(setting)
        if (secrets.has(setting) || !command.options.some(({ long }) => long === flag)) continue
        for (const wrong of wrongSettings[setting] ?? []) {
          const others = setting === 'store' ? [] : ['--store', store]
          await expectOneLine([...path, ...args, ...needed, ...others, `${flag}=${wrong}`], flag)
        }
      }
      await expectOneLine([...path, ...args, ...needed, '--nothing'], '--nothing')
      await expectOneLine(
        [...path, ...args, ...needed, '--store', store, '--config', join(folder, 'none.json')],
        '--config',
        'none.json',
      )
      if (needed.length) await expectOneLine([...path, ...args, '--store', store], needed[0]!)
      if (path[0] !== 'serve') return
      await expectOneLine([...path, '--store', join(folder, 'data', 'tokenkeep.db')], '--store')
    })
  }

  const wrongFlags: Record<string, readonly string[]> = {
    '--id': ['', ' ', 'a b', 'ä', '../x', 'x'.repeat(65), 'a/b', 'a.b', '%41', ...ODD],
    '--name': ['', ' ', 'x'.repeat(101)],
    '--auth-origin': [
      '',
      'x',
      'app.example',
      'https://x/',
      'https://x/path',
      'ftp://x',
      'https://',
      '*',
      'null',
      'https://X',
      ...ODD,
    ],
    '--additional-origin': ['', 'x', 'https://x/', '*', ...ODD],
    '--redirect-url': ['', 'x'.repeat(2001)],
    '--alg': ['', 'none', 'HS256', 'eddsa', 'RS512', '1', 'null', ...ODD],
    '--auth-token-lifetime': [...NUMBERS, '4', '86401', '5.5'],
    '--absolute': [...NUMBERS, '34560001', '5.5'],
    '--inactivity': [...NUMBERS, '34560001', '5.5'],
  }
  it('tokenkeep apps create, in its own options', async () => {
    for (const [flag, values] of Object.entries(wrongFlags))
      for (const wrong of values) {
        const right = ['--id=new', '--name=New', '--auth-origin=https://x.example', '--redirect-url=/']
        await expectOneLine(['apps', 'create', '--store', store, ...right, `${flag}=${wrong}`], flag)
      }
  })

  it('tokenkeep apps update, in its own options', { timeout: 120_000 }, async () => {
    for (const [flag, values] of Object.entries(wrongFlags))
      for (const wrong of values) {
        if (flag === '--id' || flag === '--alg') continue
        await expectOneLine(['apps', 'update', '--store', store, '--id=demo', `${flag}=${wrong}`], flag)
      }
  })

  it('tokenkeep api-keys create, in its own options', async () => {
    const wrong = {
      '--scope': ['all', 'users', ...ODD],
      '--expires-in': [...NUMBERS, ...ODD, '59', 'NEVER'],
      '--from': ['here', '10.0.0.0/33', '256.0.0.1', '10.0.0.0/8,x', 'example.com', ...ODD],
    }
    for (const [flag, values] of Object.entries(wrong))
      for (const value of values)
        await expectOneLine(['api-keys', 'create', '--app=demo', '--store', store, `${flag}=${value}`], flag)
    await expectOneLine(['api-keys', 'delete', 'x', '--app=demo', '--store', store], 'there is no such key')
    await expectOneLine(['admins', 'invite', '--role=root', '--store', store], '--role')
  })

  it('an unknown user, an unknown app', async () => {
    for (const odd of ['nobody', '', ...ODD]) {
      await expectOneLine(['users', 'deactivate', odd, '--app', 'demo', '--store', store], 'there is no user')
      await expectOneLine(['users', 'find', odd, '--app', `none${odd}`, '--store', store], 'there is no app')
      await expectOneLine(['keys', 'list', '--app', `none${odd}`, '--store', store], 'there is no app')
      await expectOneLine(['api-keys', 'create', '--app', `none${odd}`, '--store', store], 'there is no app')
    }
  })
})

describe('each start that fails prints one line that says what to do (case F14)', () => {
  let taken: Server
  let takenPort: number
  beforeAll(async () => {
    taken = createServer((socket) => socket.destroy())
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    takenPort = (taken.address() as AddressInfo).port
    writeFileSync(join(folder, 'file'), 'x')
    mkdirSync(join(folder, 'folder'))
    writeFileSync(join(folder, 'short.key'), 'abc')
    for (const [name, text] of [
      ['list', '[]'],
      ['broken', '{'],
      ['unknown', '{"prot":1}'],
      ['typed', '{"eventDays":{}}'],
    ] as const)
      writeFileSync(join(folder, `${name}.json`), text)
    const keyed = join(folder, 'keyed')
    await runHere('migrate', '--store', keyed)
    mkdirSync(join(keyed, 'master.key'))
  })
  afterAll(() => new Promise((resolve) => taken.close(resolve)))

  const at = (name: string): string => join(folder, name)
  const starts: [string, () => readonly string[], ...string[]][] = [
    ['the folder is a file', () => ['--store', at('file')], '--store'],
    ['the folder is below a file', () => ['--store', at('file/data')], '--store'],
    ['the folder cannot be made', () => ['--store', '/proc/none/data'], '--store'],
    ['PostgreSQL does not run', () => ['--store', 'postgres://127.0.0.1:1/x'], '--store', 'does not answer'],
    [
      'PostgreSQL closes the connection',
      () => ['--store', `postgres://127.0.0.1:${takenPort}/x`],
      '--store',
      'does not answer',
    ],
    [
      'PostgreSQL has no such host',
      () => ['--store', 'postgres://no-such-host.invalid/x'],
      '--store',
      'does not answer',
    ],
    [
      'the key file is missing',
      () => ['--store', store, '--master-key-file', at('none')],
      '--master-key-file',
      'none',
    ],
    [
      'the key file is a folder',
      () => ['--store', store, '--master-key-file', at('folder')],
      '--master-key-file',
    ],
    [
      'the key is too short',
      () => ['--store', store, '--master-key-file', at('short.key')],
      '--master-key-file',
      '32 random bytes',
    ],
    ['the key file in the data folder is a folder', () => ['--store', at('keyed')], '--store', 'master.key'],
    [
      'the configuration is a list',
      () => ['--store', store, '--config', at('list.json')],
      '--config',
      'one JSON object',
    ],
    [
      'the configuration is broken',
      () => ['--store', store, '--config', at('broken.json')],
      '--config',
      'one JSON object',
    ],
    ['the configuration is a folder', () => ['--store', store, '--config', at('folder')], '--config'],
    [
      'the configuration has a misspelled setting',
      () => ['--store', store, '--config', at('unknown.json')],
      'prot',
    ],
    [
      'the configuration has a value of another type',
      () => ['--store', store, '--config', at('typed.json')],
      'eventDays',
    ],
    ['too many arguments', () => ['--store', store, 'more'], 'too many arguments'],
  ]
  it.each(starts)('%s', async (_, args, ...named) => {
    await expectOneLine(['serve', '--log-level', 'silent', '--port', '0', ...args()], ...named)
  })

  it('the database has another master key, the port is in use, the host is not of this machine', async () => {
    const ready = join(folder, 'ready')
    await runHere(
      'apps',
      'create',
      '--store',
      ready,
      '--id=a',
      '--name=A',
      '--auth-origin=https://x.example',
      '--redirect-url=/',
    )
    await run('keys', 'list', '--app', 'a', '--store', ready)
    const silent = ['serve', '--log-level', 'silent', '--store', ready]
    writeFileSync(join(folder, 'other.key'), Buffer.alloc(32, 9).toString('base64url'))
    await expectOneLine(
      [...silent, '--master-key-file', join(folder, 'other.key')],
      '--master-key-file',
      'this master key is not the one',
    )
    await expectOneLine(
      [...silent, '--host', '127.0.0.1', '--port', `${takenPort}`],
      `--port ${takenPort}`,
      'in use',
    )
    for (const host of ['no-such-host.invalid', '203.0.113.1', 'a b'])
      await expectOneLine([...silent, '--port', '0', '--host', host], `--host ${host}`)
  })
})

it('no command but serve, migrate and apps create makes a database (case F14)', async () => {
  const none = join(folder, 'mistyped')
  for (const args of [
    ['doctor'],
    ['apps', 'list'],
    ['api-keys', 'create', '--app', 'demo'],
    ['users', 'find', 'x', '--app', 'demo'],
    ['sessions', 'list', 'x', '--app', 'demo'],
    ['keys', 'list', '--app', 'demo'],
    ['keys', 'rotate', '--app', 'demo'],
    ['admins', 'invite'],
    ['backup', join(folder, 'backup.db')],
  ])
    await expectOneLine([...args, '--store', none], 'there is no database in')
})
