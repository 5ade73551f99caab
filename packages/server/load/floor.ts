// `floor.ts FOLDER PORT APP`: a lower bound for the cost of a refresh. It does only Node's own HTTP, the two HMACs, the UPDATE
// of a row by its key, and the signature. The refreshes of one event loop tick share a commit, as in the server.
import { hash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createSigner } from '../src/tokens/auth-token.ts'
import { formatId } from '../src/store/ids.ts'
import { openKeys } from '../src/tokens/master-key.ts'
import { verifyRefreshToken, signRefreshToken, type RefreshToken } from '../src/tokens/refresh-token.ts'
import type { RotatedSession } from '../src/store/session-row.ts'
import { openStore } from '../src/store/store.ts'

const [folder, port, id] = process.argv.slice(2) as [string, string, string]
const store = await openStore(folder)
const keys = await openKeys(store, { store: folder, masterKey: process.env['TOKENKEEP_MASTER_KEY'] })
const app = (await store.apps.find(id))!
const signer = createSigner(await store.keys.listSigningKeys(id), keys)
const issuer = `http://localhost:${port}/v1/apps/${id}`
await store.close()

const database = new DatabaseSync(join(folder, 'tokenkeep.db'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000')
const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')]
const rotate = database.prepare(`
  UPDATE sessions SET generation = generation + 1, rotated_at = :now, active_at = :now,
    attempts = substr(attempts, 1, :slot) || :retryIdHash || substr(attempts, :slot + 17)
  WHERE user_id = :user AND id = :session AND generation = :generation AND ended_at IS NULL
  RETURNING user_epoch, generation, active_at, created_at, absolute_at, inactivity`)

interface PendingRefresh {
  readonly token: RefreshToken
  readonly retryIdHash: string
  readonly response: ServerResponse
}
let waiting: PendingRefresh[] = []

function update({ token, retryIdHash }: PendingRefresh, now: number): RotatedSession {
  const { userId: user, sessionId: session, generation } = token
  const row = rotate.get({ user, session, generation, now, retryIdHash, slot: (generation % 8) * 16 })
  return { ...(row as unknown as RotatedSession), user_id: user, id: session }
}

function answer(session: RotatedSession, now: number, response: ServerResponse): void {
  const { user_id: userId, id: sessionId, generation, absolute_at, active_at, inactivity } = session
  const { token, expiresIn } = signer.issue(app, issuer, session, now, absolute_at)
  const inactive = active_at + inactivity
  const body = JSON.stringify({
    auth_result: {
      auth_token: token,
      auth_token_expires_in: expiresIn,
      session_id: formatId(sessionId),
      user_id: formatId(userId),
      redirect_url: app.redirect_url,
      refresh_token: signRefreshToken(keys, id, { userId, sessionId, generation }),
      refresh_token_expiration: Math.floor(Math.min(absolute_at, inactive) / 1000),
      absolute_expires_in: (absolute_at - now) / 1000,
      inactivity_expires_in: (inactive - now) / 1000,
    },
  })
  const length = Buffer.byteLength(body)
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': length }).end(body)
}

function refreshAll(): void {
  const asked = waiting
  waiting = []
  const now = Date.now()
  begin.run()
  const sessions = asked.map((each) => update(each, now))
  commit.run()
  for (const [i, { response }] of asked.entries()) answer(sessions[i]!, now, response)
}

createServer((request, response) => {
  if (request.method === 'GET') return void response.end('ok')
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    const { refresh_token } = JSON.parse(text) as { refresh_token: string }
    const token = verifyRefreshToken(keys, id, refresh_token)!
    const retryIdHash = hash('sha256', String(request.headers['idempotency-key'])).slice(0, 16)
    if (!waiting.length) setImmediate(refreshAll)
    waiting.push({ token, retryIdHash, response })
  })
}).listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
