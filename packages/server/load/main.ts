// `pnpm load [seconds] [live sessions] [--floor]`: sends refreshes to a server process as fast as it answers them.
// It fails if a response is not a 201, or if memory grows. `--floor` measures a bare server that does only the necessary work of a refresh.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { connection, type Connection } from './client.ts'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { floor: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } },
})
const seconds = Number(positionals[0] ?? 60)
const live = Number(positionals[1] ?? 10_000)
const connections = 16

const here = import.meta.dirname
const main = join(here, '..', 'src', 'main.ts')
const node = (...args: string[]): string[] => ['--conditions=source', ...args]
const run = promisify(execFile)

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

async function start(name: string, args: readonly string[], port: number): Promise<ChildProcess> {
  const profiled = values.profile ? ['--cpu-prof', `--cpu-prof-name=${name}.cpuprofile`] : []
  const server = spawn(process.execPath, [...profiled, ...node(...args)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  for (;;) {
    if (server.exitCode !== null) throw new Error('the server has stopped: see its output above')
    const up = await fetch(`http://127.0.0.1:${port}/livez`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return server
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
async function stop(server: ChildProcess): Promise<void> {
  server.kill('SIGTERM')
  await new Promise((resolve) => server.once('exit', resolve))
}

/** Opens the sessions, a hundred per user, through the management API. */
async function openSessions(port: number, key: string): Promise<string[]> {
  const headers = `authorization: Bearer ${key}\r\n`
  const tokens: string[] = []
  const open = async (to: Connection): Promise<void> => {
    while (tokens.length < live) {
      const made = await to.ask(
        'POST',
        '/v1/apps/load/users',
        JSON.stringify({ identifier: randomUUID() }),
        headers,
      )
      const { id } = (JSON.parse(made.body) as { user: { id: string } }).user
      for (let count = 0; count < 100 && tokens.length < live; count++) {
        const { body } = await to.ask('POST', `/v1/apps/load/users/${id}/sessions`, '', headers)
        tokens.push(
          (JSON.parse(body) as { auth_result: { refresh_token: string } }).auth_result.refresh_token,
        )
      }
    }
  }
  const all = Array.from({ length: 4 }, () => connection(port))
  await Promise.all(all.map(open))
  for (const each of all) each.close()
  return tokens
}

interface Use {
  readonly cpu: number
  readonly memory: number
}
/** CPU seconds and resident bytes of the server, from the kernel. */
async function useOf(server: ChildProcess): Promise<Use> {
  const stat = await readFile(`/proc/${server.pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, memory: Number(fields[21]) * 4096 }
}

const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-load-'))
const port = await freePort()
const cli = (...args: string[]) => run(process.execPath, node(main, ...args, '--store', folder))
await cli(
  'apps',
  'create',
  '--id',
  'load',
  '--name',
  'Load',
  '--auth-origin',
  'https://app.example',
  '--redirect-url',
  'https://app.example/',
  '--refresh',
)
const key = (await cli('api-keys', 'create', '--app', 'load')).stdout.trim()
const startReal = () =>
  start('server', [main, 'serve', '--store', folder, '--port', String(port), '--host', '127.0.0.1'], port)
let server = await startReal()
let failure: string | undefined
try {
  const tokens = await openSessions(port, key)
  // Restart, so that opening the sessions is not measured.
  await stop(server)
  server = values.floor
    ? await start('floor', [join(here, 'floor.ts'), folder, String(port), 'load'], port)
    : await startReal()
  console.log(`${tokens.length} live sessions, ${connections} connections, ${seconds} s`)

  const latencies: number[] = []
  const memory: number[] = []
  let next = 0
  const started = performance.now()
  const until = started + seconds * 1000
  const before = await useOf(server)
  const refreshOn = async (to: Connection, first: number): Promise<void> => {
    // Each connection cycles through its own sessions, so no token is used twice.
    for (
      let turn = first;
      performance.now() < until && !failure;
      turn = turn + connections < tokens.length ? turn + connections : first
    ) {
      const asked = performance.now()
      const { status, body } = await to.ask(
        'POST',
        '/v1/apps/load/tokens',
        JSON.stringify({ refresh_token: tokens[turn] }),
        `idempotency-key: ${next++}\r\n`,
      )
      latencies.push(performance.now() - asked)
      if (status !== 201) failure = `${status}: ${body}`
      else
        tokens[turn] = (
          JSON.parse(body) as { auth_result: { refresh_token: string } }
        ).auth_result.refresh_token
    }
  }
  const watch = setInterval(() => void useOf(server).then((use) => memory.push(use.memory)), 1000)
  const all = Array.from({ length: connections }, () => connection(port))
  await Promise.all(all.map(refreshOn))
  clearInterval(watch)
  for (const each of all) each.close()
  const after = await useOf(server)

  latencies.sort((a, b) => a - b)
  const at = (share: number): string => `${latencies[Math.floor(latencies.length * share)]!.toFixed(2)} ms`
  const elapsed = (performance.now() - started) / 1000
  const perRefresh = ((after.cpu - before.cpu) / latencies.length) * 1e6
  console.log(
    `${Math.round(latencies.length / elapsed)} refreshes/s, ${perRefresh.toFixed(0)} µs CPU per refresh, p50 ${at(0.5)}, p99 ${at(0.99)}`,
  )
  const mean = (values: number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length / 2 ** 20
  const third = Math.floor(memory.length / 3)
  const [early, late] = [mean(memory.slice(third, 2 * third)), mean(memory.slice(2 * third))]
  console.log(`memory: ${early.toFixed(0)} MiB in the second third, ${late.toFixed(0)} MiB in the last`)
  if (late > early * 1.2 && !values.floor) failure ??= 'the memory of the server grows by more than 20%'
} finally {
  await stop(server)
  rmSync(folder, { recursive: true })
}
if (failure) {
  console.error(failure)
  process.exitCode = 1
}
