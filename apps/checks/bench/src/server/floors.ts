import {
  createHmac,
  createSecretKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
} from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Row } from '../frame/report.ts'
import { median } from '../frame/rounds.ts'

type Work = () => void

/** How long one loop runs. Milliseconds. */
const ms = 1000

/** Returns the CPU time per call, in a hot loop. Microseconds. */
function hot(work: Work): number {
  for (let call = 0; call < 1000; call++) work()
  const before = process.cpuUsage()
  const until = performance.now() + ms
  let calls = 0
  while (performance.now() < until) {
    for (let call = 0; call < 50; call++) work()
    calls += 50
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}

/** Checks a refresh token and makes its successor: HMAC-SHA-256 of 53 bytes each, base64url. */
function hmac(): Work {
  const key = createSecretKey(randomBytes(32))
  const body = randomBytes(41)
  const mac = (of: Buffer): Buffer => createHmac('sha256', key).update(of).digest().subarray(0, 16)
  const token = Buffer.concat([body, mac(body)]).toString('base64url')
  return () => {
    const read = Buffer.from(token, 'base64url')
    if (!timingSafeEqual(mac(read.subarray(0, 41)), read.subarray(41))) throw new Error('a wrong signature')
    Buffer.concat([body, mac(body)]).toString('base64url')
  }
}

/** Signs a JWT of nine claims with Ed25519. */
function signature(): Work {
  const { privateKey } = generateKeyPairSync('ed25519')
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = encode({ alg: 'EdDSA', typ: 'JWT', kid: 'AAAAAAAAAAAAAAAAAAAAAA' })
  let jti = 0
  return () => {
    const now = 1_800_000_000
    const claims = {
      iss: 'http://localhost:4000/v1/apps/bench',
      sub: 'AAAAAAAAAAAAAAAAAAAAAA',
      sid: 'BBBBBBBBBBBBBBBBBBBBBB',
      aud: ['https://app.example', 'bench'],
      iat: now,
      nbf: now,
      exp: now + 300,
      epoch: 0,
      jti: `CCCCCCCCCCCCCC${jti++}`,
    }
    const signed = `${header}.${encode(claims)}`
    const token = `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`
    if (token.length < 300) throw new Error('no token')
  }
}

/** Updates one row of 10,000 by its key, in a file with a write-ahead log and the durability of Tokenkeep. */
function update(database: DatabaseSync): Work {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  database.exec(`CREATE TABLE sessions (user_id BLOB, id BLOB, generation INTEGER NOT NULL, rotated_at INTEGER NOT NULL,
    attempts TEXT NOT NULL, rest TEXT NOT NULL, PRIMARY KEY (user_id, id)) STRICT, WITHOUT ROWID`)
  const ids = Array.from({ length: 10_000 }, () => [randomBytes(16), randomBytes(16)] as const)
  const insert = database.prepare(`INSERT INTO sessions VALUES (?, ?, 0, 0, ?, ?)`)
  database.exec('BEGIN')
  for (const [user, id] of ids) insert.run(user, id, '0'.repeat(128), 'x'.repeat(120))
  database.exec('COMMIT')
  const statement = database.prepare(
    `UPDATE sessions SET generation = ?, rotated_at = ?, attempts = ? WHERE user_id = ? AND id = ? RETURNING generation`,
  )
  let turn = 0
  return () => {
    const [user, id] = ids[(turn += 7919) % ids.length]!
    if (!statement.get(turn, turn, '1'.repeat(128), user, id)) throw new Error('no row')
  }
}

/** Measures each part alone, and then all parts in turns. In turns, each part finds the processor's caches filled by another part. */
export function measureParts(): { alone: Row[]; inTurns: number } {
  const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-bench-'))
  const database = new DatabaseSync(join(folder, 'floor.db'))
  try {
    const works: Record<string, Work> = {
      'refresh token: two HMACs': hmac(),
      'auth token: JWT, Ed25519': signature(),
      'UPDATE, SQLite': update(database),
    }
    const measured = (work: Work): number => median([hot(work), hot(work), hot(work)])
    const all = Object.values(works)
    return {
      alone: Object.entries(works).map(([name, work]) => ({ name, cpu: measured(work) })),
      inTurns: measured(() => {
        for (const work of all) work()
      }),
    }
  } finally {
    database.close()
    rmSync(folder, { recursive: true })
  }
}
