// `floor.ts FOLDER PORT APP`: the least a refresh can cost. Node's own HTTP, the two HMACs, the UPDATE of a row by its key and
// the signature, with nothing around them; the refreshes of one turn of the event loop share a commit, as the server's do.
import { hash } from 'node:crypto'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createSigner } from '../src/tokens/auth-token.ts'
import { showId } from '../src/store/ids.ts'
import { openKeys } from '../src/tokens/master-key.ts'
import { readRefreshToken, writeRefreshToken, type RefreshToken } from '../src/tokens/refresh-token.ts'
import type { Rotated } from '../src/store/sessions.ts'
import { openStore } from '../src/store/store.ts'

const [folder, port, id] = process.argv.slice(2) as [string, string, string]
const store = await openStore(folder)
const keys = await openKeys(store, { store: folder, masterKey: process.env['TOKENKEEP_MASTER_KEY'] })
const app = (await store.apps.find(id))!
const signer = createSigner(await store.keys.signing(id), keys)
const issuer = `http://localhost:${port}/v1/apps/${id}`
await store.close()

const database = new DatabaseSync(join(folder, 'tokenkeep.db'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000')
const [begin, commit] = [database.prepare('BEGIN IMMEDIATE'), database.prepare('COMMIT')]
const rotate = database.prepare(`
  UPDATE sessions SET generation = generation + 1, rotated_at = :now, active_at = :now,
    attempts = substr(attempts, 1, :slot) || :attempt || substr(attempts, :slot + 17)
  WHERE user_id = :user AND id = :session AND generation = :generation AND ended_at IS NULL
  RETURNING user_epoch, generation, active_at, created_at, absolute_at, inactivity`)

interface Asked {
  readonly token: RefreshToken
  readonly attempt: string
  readonly response: ServerResponse
}
let waiting: Asked[] = []

function update({ token, attempt }: Asked, now: number): Rotated {
  const { userId: user, sessionId: session, generation } = token
  const row = rotate.get({ user, session, generation, now, attempt, slot: (generation % 8) * 16 })
  return { ...(row as unknown as Rotated), user_id: user, id: session }
}

function answer(session: Rotated, now: number, response: ServerResponse): void {
  const { user_id: userId, id: sessionId, generation, absolute_at, active_at, inactivity } = session
  const { token, expiresIn } = signer.issue(app, issuer, session, now, absolute_at)
  const inactive = active_at + inactivity
  const body = JSON.stringify({
    auth_result: {
      auth_token: token,
      auth_token_expires_in: expiresIn,
      session_id: showId(sessionId),
      user_id: showId(userId),
      redirect_url: app.redirect_url,
      refresh_token: writeRefreshToken(keys, id, { userId, sessionId, generation }),
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
    const token = readRefreshToken(keys, id, refresh_token)!
    const attempt = hash('sha256', String(request.headers['idempotency-key'])).slice(0, 16)
    if (!waiting.length) setImmediate(refreshAll)
    waiting.push({ token, attempt, response })
  })
}).listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit(0))
