// `pnpm upgrade:rolling [commit] [seconds]`: two replicas of an old build on one PostgreSQL, under load. One is replaced by this build, which
// migrates the database. Both builds serve for a minute, then the old one alone, then the new one alone. It fails if any answer is wrong.
// Default commit: the one before the last migration was added.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createCluster } from '../test/cluster.ts'
import { freePort } from '../../../scripts/lib/free-port.ts'

const SESSIONS = 40
const repository = join(import.meta.dirname, '..', '..', '..')
const run = promisify(execFile)
const git = async (...args: string[]): Promise<string> =>
  (await run('git', ['-C', repository, ...args])).stdout.trim()

async function beforeTheLastMigration(): Promise<string> {
  const migrations = 'packages/server/src/store/*-migration.ts'
  const added = await git('log', '-1', '--format=%H', '--diff-filter=A', '--', migrations)
  if (!added) throw new Error('this clone has no history: name a commit')
  return git('rev-parse', `${added}^`)
}

const [commit = await beforeTheLastMigration(), seconds = '60'] = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-upgrade-'))
const cluster = await createCluster()
const store = await cluster.createDatabase()
const env = { ...process.env, TOKENKEEP_MASTER_KEY: randomBytes(32).toString('base64url') }
const programOf = (root: string): string => join(root, 'packages', 'server', 'src', 'main.ts')
const builds = { old: programOf(join(folder, 'old')), new: programOf(repository) }
type Build = keyof typeof builds

const cli = async (build: Build, ...args: string[]): Promise<string> => {
  const all = ['--conditions=source', builds[build], ...args, '--store', store]
  return (await run(process.execPath, all, { env })).stdout.trim()
}

interface Replica {
  readonly build: Build
  readonly url: string
  readonly child: ChildProcess
}
/** The replicas to which a proxy would send requests. */
const inService: Replica[] = []

async function start(build: Build): Promise<void> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // The same issuer for all, as behind a proxy.
  const flags = ['--port', String(port), '--host', '127.0.0.1', '--base-url', 'https://auth.example']
  const args = ['--conditions=source', builds[build], 'serve', '--store', store, ...flags]
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ready = async (): Promise<boolean> =>
    fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await ready())) {
    if (child.exitCode !== null) throw new Error(`the ${build} build has stopped: see its output above`)
    await sleep(50)
  }
  inService.push({ build, url, child })
}

/** Takes a replica out of service, as a proxy does when it is not ready, and stops it. */
async function stop(build: Build): Promise<void> {
  const [replica] = inService.splice(
    inService.findIndex((each) => each.build === build),
    1,
  )
  const exited = once(replica!.child, 'exit')
  replica!.child.kill('SIGTERM')
  const [code] = await exited
  if (code !== 0) throw new Error(`the ${build} build ended with ${code}`)
}

const counts = { old: 0, new: 0 }
const wrong: string[] = []
async function ask(method: string, path: string, body?: object, headers = {}): Promise<Response> {
  const { build, url } = inService[randomInt(inService.length)]!
  counts[build]++
  return fetch(`${url}/v1/apps/demo${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
}
async function expectStatus(response: Response, status: number, what: string): Promise<void> {
  if (response.status !== status) wrong.push(`${what}: ${response.status} ${await response.clone().text()}`)
}
interface Tokens {
  readonly auth_token: string
  readonly refresh_token: string
}
const tokensOf = async (response: Response): Promise<Tokens> =>
  ((await response.json()) as { auth_result: Tokens }).auth_result

/** What one person does: keeps a session, uses its tokens, and now and then opens another one and signs out of it. */
async function person(key: string, goesOn: () => boolean): Promise<void> {
  const authorization = { authorization: `Bearer ${key}` }
  const made = await ask('POST', '/users', { identifier: randomUUID() }, authorization)
  const { user } = (await made.json()) as { user: { id: string } }
  const signIn = async (): Promise<Tokens> =>
    tokensOf(await ask('POST', `/users/${user.id}/sessions`, undefined, authorization))
  let tokens = await signIn()
  const refresh = async (): Promise<void> => {
    const answer = await ask(
      'POST',
      '/tokens',
      { refresh_token: tokens.refresh_token },
      { 'idempotency-key': randomUUID() },
    )
    await expectStatus(answer, 201, 'a refresh')
    if (answer.ok) tokens = await tokensOf(answer)
  }
  for (let turn = 0; goesOn() && wrong.length === 0; turn++) {
    await refresh()
    const me = await ask('GET', '/currentuser', undefined, { authorization: `Bearer ${tokens.auth_token}` })
    await expectStatus(me, 200, 'an auth token')
    if (turn % 5 === 0) {
      const { refresh_token } = await signIn()
      await expectStatus(await ask('DELETE', '/tokens', { refresh_token }), 200, 'a sign-out')
      await expectStatus(await ask('POST', '/tokens', { refresh_token }), 401, 'a refresh after a sign-out')
    }
    await sleep(randomInt(200))
  }
  await refresh()
}

const phase = async (text: string, ms: number): Promise<void> => {
  const before = { ...counts }
  await sleep(ms)
  console.log(
    `${text}: ${counts.old - before.old} requests to the old build, ${counts.new - before.new} to the new one`,
  )
}

try {
  console.log(`old build: ${commit}`)
  await git('worktree', 'add', '--detach', join(folder, 'old'), commit)
  const install = ['install', '--frozen-lockfile', '--prefer-offline', '--filter', '@tokenkeep/server...']
  await run('pnpm', install, { cwd: join(folder, 'old') })
  const app = { id: 'demo', name: 'Demo', 'auth-origin': 'https://app.example', 'redirect-url': '/' }
  await cli(
    'old',
    'apps',
    'create',
    '--refresh',
    ...Object.entries(app).flatMap(([name, value]) => [`--${name}`, value]),
  )
  const key = await cli('old', 'api-keys', 'create', '--app', 'demo')
  await start('old')
  await start('old')

  let over = false
  const people = Promise.all(Array.from({ length: SESSIONS }, () => person(key, () => !over)))
  await phase('two old replicas', 3000)
  await start('new')
  await stop('old')
  await phase('an old and a new replica', Number(seconds) * 1000)
  await stop('new')
  await phase('back to the old replica', 5000)
  await start('new')
  await stop('old')
  await phase('the new replica', 3000)
  over = true
  await people
  console.log(`${SESSIONS} sessions continued, ${wrong.length} wrong answers`)
} finally {
  for (const { child } of inService) child.kill('SIGKILL')
  await cluster.stop()
  await git('worktree', 'remove', '--force', join(folder, 'old')).catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
}
for (const text of wrong) console.error(text)
process.exitCode = wrong.length > 0 ? 1 : 0
