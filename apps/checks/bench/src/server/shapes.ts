import pg from 'pg'
import {
  createPreparer,
  type Statement,
  type Value,
} from '../../../../../packages/server/src/store/database.ts'
import { sessions } from '../../../../../packages/server/src/store/sessions.ts'
import { clients } from './postgres.ts'

/** How many sessions a script rotates over. Each has one row. */
export const rows = 10_000

/** A shape of the data, and the pgbench script of one refresh on it. Each connection rotates over sessions of its own. */
export interface Shape {
  /** Creates the tables in their state before the first refresh. */
  reset(url: string): Promise<void>
  readonly script: string
}

/** `s` is the session, `g` the generation of its refresh token. */
const turn = `\\set k :k + 1
\\set s :client_id + ${clients} * (:k % ${rows / clients})
\\set g :k / ${rows / clients}
`
const bytes = (n: string): string => `decode(lpad(to_hex(${n}::bigint), 32, '0'), 'hex')`

/** Returns the id that `bytes(n)` computes in SQL. It is the id of the n-th session and of its user. */
export function keyOf(n: number): Buffer {
  const id = Buffer.alloc(16)
  id.writeUInt32BE(n, 12)
  return id
}
const now = Date.now()

async function ask(url: string, ...texts: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const text of texts) await client.query(text)
  } finally {
    await client.end()
  }
}

/** Returns the session server's own statement, taken from its source. The script's variables replace the values of one refresh. */
async function ourStatement(): Promise<string> {
  let statement: Statement | undefined
  const capture = async (given: Statement): Promise<never[]> => {
    statement = given
    return []
  }
  const [user, session] = [Buffer.from('user'), Buffer.from('session')]
  const retryIdHash = 'a'.repeat(16)
  const rotation = {
    appId: 'bench',
    userId: user,
    sessionId: session,
    retryIdHash,
    mayRepeat: false,
    background: false,
    actor: 'system',
    now,
  }
  await sessions({ queryUnsynced: capture } as unknown as Parameters<typeof sessions>[0]).rotate({
    ...rotation,
    generation: 8000,
    nextGeneration: 8001,
  })
  const variables = new Map<Value, string>([
    [user, bytes(':s')],
    [session, bytes(':s')],
    [8000, ':g'],
    [8001, ':g + 1'],
    [0, '(:g % 8)::int * 16'],
    [17, '(:g % 8)::int * 16 + 17'],
    [retryIdHash, "lpad((:g)::text, 16, 'a')"],
    [`%${retryIdHash}%`, "'%' || lpad((:g)::text, 16, 'a') || '%'"],
  ])
  const { prepared: text, values } = createPreparer(
    (n) => `<${n}>`,
    (text) => text,
  )(statement!)
  return text.replaceAll(/<(\d+)>/g, (_, n) => {
    const value = values[Number(n) - 1]!
    return variables.get(value) ?? (typeof value === 'string' ? `'${value}'` : String(value))
  })
}

/** One row per session, in a database with the session server's tables. */
export const rowPerSession = async (): Promise<Shape> => ({
  reset: (url) =>
    ask(
      url,
      `DELETE FROM sessions WHERE app_id = 'bench' AND ip = 'pgbench'`,
      `INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at)
       SELECT ${bytes('n')}, 'bench', 'pgbench-' || n, 'pgbench-' || n, 'active', ${now}, ${now} FROM generate_series(0, ${rows - 1}) n
       ON CONFLICT DO NOTHING`,
      `INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at, absolute_at, inactivity, ip)
       SELECT ${bytes('n')}, ${bytes('n')}, 'bench', 0, 0, ${now}, ${now}, repeat('0', 128), ${now}, ${now + 1e10}, 1e10, 'pgbench'
       FROM generate_series(0, ${rows - 1}) n`,
      'VACUUM ANALYZE',
    ),
  script: `${turn}${(await ourStatement()).replaceAll(/\s+/g, ' ')};\n`,
})

/** The usual shape: one row per refresh token. One transaction finds the token by its hash, marks it as used and inserts the next one. */
export const rowPerToken: Shape = {
  reset: (url) =>
    ask(
      url,
      'DROP TABLE IF EXISTS tokens, token_sessions',
      `CREATE TABLE token_sessions (id BIGINT PRIMARY KEY, user_id BIGINT NOT NULL, created_at BIGINT NOT NULL, last_seen_at BIGINT NOT NULL,
         ended_at BIGINT, ip TEXT, user_agent TEXT)`,
      `CREATE TABLE tokens (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hash BYTEA NOT NULL UNIQUE,
         session_id BIGINT NOT NULL REFERENCES token_sessions (id), created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT)`,
      'CREATE INDEX tokens_by_session ON tokens (session_id)',
      'CREATE INDEX tokens_by_end ON tokens (expires_at)',
      `INSERT INTO token_sessions SELECT n, n, ${now}, ${now} FROM generate_series(0, ${rows - 1}) n`,
      `INSERT INTO tokens (hash, session_id, created_at, expires_at)
       SELECT sha256((n || '.' || 0)::bytea), n, ${now}, ${now + 1e10} FROM generate_series(0, ${rows - 1}) n`,
      'VACUUM ANALYZE',
    ),
  script: `${turn}BEGIN;
SELECT t.id AS token, t.session_id, s.user_id FROM tokens t JOIN token_sessions s ON s.id = t.session_id
  WHERE t.hash = sha256((:s || '.' || :g)::bytea) AND t.used_at IS NULL AND t.expires_at > ${now} AND s.ended_at IS NULL FOR UPDATE OF t \\gset
UPDATE tokens SET used_at = ${now} WHERE id = :token;
INSERT INTO tokens (hash, session_id, created_at, expires_at) VALUES (sha256((:s || '.' || :g + 1)::bytea), :s, ${now}, ${now + 1e10});
UPDATE token_sessions SET last_seen_at = ${now} WHERE id = :s;
COMMIT;
`,
}
