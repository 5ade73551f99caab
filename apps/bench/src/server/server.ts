import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Measured, Row, Tell } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'
import { contenders } from './contenders.ts'
import { hmac, signature, update } from './floors.ts'
import { measureServers, scaling, serverRow } from './live.ts'
import { startPostgres, type Postgres } from './postgres.ts'
import { rowPerSession, rowPerToken } from './shapes.ts'
import { Installation } from './tokenkeep.ts'

/** How many sessions each server's load goes round. */
const sessions = 2000
const rounds = 3
/** Of one turn. */
const seconds = 4

async function measureShapes(postgres: Postgres, tell: Tell): Promise<Row[]> {
  const url = await postgres.createDatabase()
  await Installation.create(url)
  const shapes = {
    'one row per session (Tokenkeep)': await rowPerSession(),
    'a row per refresh token': rowPerToken,
  }
  const rates = new Map<string, number[]>()
  for (let round = 1; round <= rounds; round++)
    for (const [name, shape] of Object.entries(shapes))
      for (const durable of [true, false]) {
        tell(`pgbench, ${name}, round ${round} of ${rounds}`)
        await shape.reset(url)
        const key = `${name}${durable}`
        rates.set(key, [...(rates.get(key) ?? []), await postgres.pgbench(url, shape.script, 3, durable)])
      }
  return Object.keys(shapes).map((name) => ({
    name,
    durable: median(rates.get(`${name}true`)!),
    quick: median(rates.get(`${name}false`)!),
  }))
}

export const bench: Bench = {
  title: 'Server',
  method: `One refresh after another over ${16} kept-alive connections that go round ${sessions.toLocaleString('en-US')} sessions, each server a process of its own; ${rounds} rounds
of ${seconds} s in turns, after one to warm up; medians. CPU is what the kernel counted for the server's processes.

- All sign with Ed25519 where they sign; *opaque* access tokens are random, and kept. No id token is asked of anyone: it would be a second signature.
- Durability is the same for all that have a disk: a refresh is in the write-ahead log before it is answered, and survives the process, not a power cut
  (SQLite with WAL and \`synchronous = NORMAL\`, PostgreSQL with \`synchronous_commit = off\`). That is Tokenkeep's own choice for refreshes, as a generation that the database has lost heals itself;
  better-auth's database is set to it. oidc-provider has no store of its own but one in memory, so it keeps everything there.
- better-auth is its OAuth provider with refresh token rotation as it comes: a client made by its own API, every session opened by the authorization code flow with PKCE, rate limits off.
- The load, the servers and PostgreSQL share the machine's cores: of two processes, as of any rate here, the figure is that of this machine.
- The parts are measured in hot loops: what any server on Node has to do for such a refresh. *The least server* reads a refresh and answers something of its size.
- pgbench runs the session server's own statement, taken from its source, and the usual transaction of a row per token, on one PostgreSQL, over 16 connections.`,
  async run(tell): Promise<Measured> {
    const postgres = await startPostgres()
    const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-bench-'))
    try {
      const turns = await measureServers(
        contenders,
        { postgres, folder, sessions },
        { rounds, seconds },
        tell,
      )
      const hello = turns.get(contenders[0]!.title)!
      if (typeof hello === 'string') throw new Error(hello)
      tell('the parts')
      const parts: Row[] = [
        { name: 'HTTP', cpu: median(hello.map((turn) => turn.cpu / turn.refreshes)) },
        { name: 'refresh token: two HMACs', cpu: median([hmac(), hmac(), hmac()]) },
        { name: 'auth token: JWT, Ed25519', cpu: median([signature(), signature(), signature()]) },
        { name: 'UPDATE, SQLite', cpu: median([update(), update(), update()]) },
      ]
      const sum = parts.reduce((sum, { cpu }) => sum + (cpu as number), 0)
      parts.push({ name: 'sum', cpu: sum })
      const rows = contenders.map((contender) => serverRow(contender, turns, sum))
      return {
        versions: { PostgreSQL: postgres.version, SQLite: process.versions['sqlite'] ?? '' },
        tables: [
          {
            title: 'CPU per refresh, live',
            columns: [
              { key: 'name', title: 'server' },
              { key: 'version', title: 'version' },
              { key: 'survives', title: 'a refresh survives' },
              { key: 'cpu', title: 'CPU, µs' },
              { key: 'ratio', title: '× sum of parts', digits: 2 },
              { key: 'database', title: 'CPU of PostgreSQL, µs' },
              { key: 'core', title: 'refreshes/s per core' },
              { key: 'rate', title: 'refreshes/s here' },
              { key: 'p50', title: 'p50, ms', digits: 2 },
              { key: 'p99', title: 'p99, ms', digits: 2 },
            ],
            rows,
            chart: { column: 'cpu', label: 'µs of CPU per refresh', logarithmic: true },
          },
          {
            title: 'The parts of a refresh, in hot loops',
            columns: [
              { key: 'name', title: 'part' },
              { key: 'cpu', title: 'CPU, µs', digits: 1 },
            ],
            rows: parts,
          },
          {
            title: 'Processes on one PostgreSQL',
            columns: [
              { key: 'name', title: 'processes' },
              { key: 'rate', title: 'refreshes/s' },
              { key: 'factor', title: '× one', digits: 2 },
            ],
            rows: scaling(contenders, turns),
          },
          {
            title: 'The statement alone, refreshes/s by pgbench',
            columns: [
              { key: 'name', title: 'shape' },
              { key: 'durable', title: 'each commit on disk' },
              { key: 'quick', title: 'commits flushed soon after' },
            ],
            rows: await measureShapes(postgres, tell),
          },
        ],
      }
    } finally {
      await postgres.stop()
      rmSync(folder, { recursive: true })
    }
  },
}
