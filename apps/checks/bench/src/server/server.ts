import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Measured, Row } from '../frame/report.ts'
import { contenders, floor, hello } from './contenders.ts'
import { measureParts } from './floors.ts'
import { cpuOf, measureServers, scaling, serverRow } from './live.ts'
import { clients, startPostgres } from './postgres.ts'
import { measureStatement } from './statement.ts'

/** The number of sessions of each server's load. */
const sessions = 2000
const rounds = 5
/** Seconds of one turn that do not count and that count. */
const again = 1
const seconds = 3
/** For pgbench and the store. */
const statementRounds = 3

export const bench: Bench = {
  title: 'Server',
  method: `One refresh after another over ${16} kept-alive connections that go round ${sessions.toLocaleString('en-US')} sessions, each server a process of its own; ${rounds} rounds
in turns of ${seconds} s, after one to warm up; medians. A turn begins with a second that is not counted: V8 throws away some of what it has compiled while a server waits for its turn. CPU is what the kernel counted for the server's processes, and PostgreSQL's apart; */s* are refreshes a second, *× the parts* is of what the parts alone take,
and *survives* is what an answered refresh does.

- All sign with Ed25519 where they sign; *opaque* access tokens are random, and kept. No id token is asked of anyone: it would be a second signature.
- Durability is the same for all that have a disk: a refresh is in the write-ahead log before it is answered, and survives the process, not a power cut
  (SQLite with WAL and \`synchronous = NORMAL\`, PostgreSQL with \`synchronous_commit = off\`). That is Tokenkeep's own choice for refreshes, as a generation that the database has lost heals itself;
  better-auth's database is set to it. oidc-provider has no store of its own but one in memory, so it keeps everything there.
- better-auth is its OAuth provider with refresh token rotation as it comes: a client made by its own API, every session opened by the authorization code flow with PKCE, rate limits off.
- The load, the servers and PostgreSQL share the machine's cores: of two processes, as of any rate here, the figure is that of this machine.
- *The least server* reads a refresh and answers something of its size. *The parts alone* also reads and writes the refresh token, updates the row by its key and signs, with nothing around them, and commits
  the refreshes of one turn of the event loop together, as Tokenkeep does: what is left of its CPU is what Tokenkeep's rules, log, metrics, limits and headers cost.
- Loops of one part keep the processor's caches to themselves. In a server each part finds them full of the others, of HTTP and of the kernel: the same work costs more, and the sum of such loops is no limit
  that a server could reach. The table of the parts shows how much of that comes with taking turns, and how much with serving.
- pgbench runs the session server's own statement, taken from its source, and the usual transaction of a row per token, on one PostgreSQL, over ${clients} connections. Tokenkeep's store runs that statement as
  its server does, but without HTTP, tokens and signatures: one process of Node asks for ${clients} refreshes at a time, each pgbench's equal.`,
  async run(tell): Promise<Measured> {
    const postgres = await startPostgres()
    const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-bench-'))
    try {
      const turns = await measureServers(
        contenders,
        { postgres, folder, sessions },
        { rounds, again, seconds },
        tell,
      )
      tell('the parts')
      const http = cpuOf(hello, turns)
      const { alone, inTurns } = measureParts()
      const sum = alone.reduce((sum, { cpu }) => sum + (cpu as number), http)
      const together = cpuOf(floor, turns)
      const parts: Row[] = [
        { name: 'HTTP: the least server, live', cpu: http },
        ...alone,
        { name: 'sum', cpu: sum },
        { name: 'the last three in turns, in one loop, and HTTP', cpu: inTurns + http },
        { name: 'all four together: the parts alone, live', cpu: together },
      ]
      const rows = contenders.map((contender) => serverRow(contender, turns, together))
      return {
        versions: { PostgreSQL: postgres.version, SQLite: process.versions['sqlite'] ?? '' },
        tables: [
          {
            title: 'CPU per refresh, live',
            columns: [
              { key: 'name', title: 'server' },
              { key: 'version', title: 'version' },
              { key: 'survives', title: 'survives' },
              { key: 'cpu', title: 'CPU, µs' },
              { key: 'ratio', title: '× the parts', digits: 2 },
              { key: 'database', title: 'PostgreSQL, µs' },
              { key: 'core', title: '/s per core' },
              { key: 'rate', title: '/s here' },
              { key: 'p50', title: 'p50, ms', digits: 2 },
              { key: 'p99', title: 'p99, ms', digits: 2 },
            ],
            rows,
            chart: { column: 'cpu', label: 'µs of CPU per refresh', logarithmic: true },
          },
          {
            title: 'The parts of a refresh',
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
          await measureStatement(postgres, statementRounds, tell),
        ],
      }
    } finally {
      await postgres.stop()
      rmSync(folder, { recursive: true })
    }
  },
}
