import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench, Measured, Row } from '../frame/report.ts'
import { contenders, floor, hello } from './contenders.ts'
import { measureParts } from './floors.ts'
import { cpuOf, measureServers, scaling, serverRow } from './live.ts'
import { clients, startPostgres } from './postgres.ts'
import { measureStatement } from './statement.ts'

/** How many sessions each server's load rotates over. */
const sessions = 2000
const rounds = 5
/** One turn has a part that is not counted (`again`), and then a part that is counted. Seconds. */
const again = 1
const seconds = 3
/** Rounds of pgbench and the store. */
const statementRounds = 3

export const bench: Bench = {
  title: 'Server',
  method: `Each server is a process of its own. It serves one refresh after another over ${16} kept-alive connections, for ${sessions.toLocaleString('en-US')} sessions in rotation. After one round to warm up, there are ${rounds} rounds,
in which each server has a turn of ${seconds} s. The figures are medians. The first second of a turn is not counted, because V8 discards compiled code while a server waits for its turn. The kernel counts the CPU time of the server's processes, and that of PostgreSQL's separately.
*/s* means refreshes per second. *× necessary work* is the CPU time divided by that of the necessary work alone. *Survives* names the worst event that an answered refresh survives.

- All servers that sign use Ed25519. *Opaque* access tokens are random and stored. No server issues an id token, because that would be a second signature.
- All servers with a disk have the same durability: a refresh is in the write-ahead log before the response. It survives the end of the process, but not a power cut
  (SQLite with WAL and \`synchronous = NORMAL\`, PostgreSQL with \`synchronous_commit = off\`). Tokenkeep uses this setting for refreshes, because the next refresh repairs a generation that the database has lost.
  better-auth's database has the same setting. oidc-provider contains only a store in memory, so it keeps everything there.
- better-auth runs its OAuth provider with its default refresh token rotation. The OAuth client is created by better-auth's own API, each session is opened by the authorization code flow with PKCE, and rate limits are off.
- The load, the servers and PostgreSQL share the machine's cores. So each rate here, also that of two processes, is valid for this machine only.
- *A minimal server* reads a refresh and answers with a body of the same size. *The necessary work alone* also reads and writes the refresh token, updates the row by its key and signs. Like Tokenkeep, it commits
  the refreshes of one turn of the event loop together. The rest of Tokenkeep's CPU time is the cost of its rules, log, metrics, limits and headers.
- A loop of one part has the processor's caches for itself. In a server, the other parts, HTTP and the kernel use the same caches, so the same work takes longer. Therefore no server
  can reach the sum of such loops. The table of the parts shows how much time is added because the parts take turns, and how much because a server runs them.
- pgbench runs two scripts on one PostgreSQL over ${clients} connections: the session server's own statement, taken from its source, and the usual transaction with one row per token. Tokenkeep's store runs that statement as
  its server does, but without HTTP, tokens and signatures: one Node process has ${clients} refreshes under way at a time, as pgbench has.`,
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
        { name: 'HTTP: a minimal server, live', cpu: http },
        ...alone,
        { name: 'sum', cpu: sum },
        { name: 'HMACs, JWT and UPDATE in turns in one loop, plus HTTP', cpu: inTurns + http },
        { name: 'all four in one server: the necessary work alone, live', cpu: together },
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
              { key: 'ratio', title: '× necessary work', digits: 2 },
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
