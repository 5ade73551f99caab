// The least a refresh can cost: Node's own HTTP, the two HMACs, the one UPDATE and the signature, with nothing around them.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createSigner } from '../src/auth-token.ts'
import { showId } from '../src/ids.ts'
import { deriveKeys } from '../src/keys.ts'
import { readMasterKey } from '../src/master-key.ts'
import { readRefreshToken, writeRefreshToken } from '../src/refresh-token.ts'
import type { Session } from '../src/store/sessions.ts'
import { openStore } from '../src/store/store.ts'

const [folder, port] = process.argv.slice(2) as [string, string]
const keys = deriveKeys(readMasterKey(folder))
const store = await openStore(folder)
const app = (await store.apps.find('load'))!
const signer = createSigner(await store.keys.signing('load'), keys)
const issuer = `http://localhost:${port}/v1/apps/load`
await store.close()

const database = new DatabaseSync(join(folder, 'tokenkeep.db'))
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
const rotate = database.prepare(`
  UPDATE sessions SET generation = generation + 1, rotated_at = :now, active_at = :now,
    attempts = substr(attempts, 1, :slot) || :attempt || substr(attempts, :slot + 17)
  FROM users u, apps a
  WHERE sessions.user_id = :user AND sessions.id = :session AND sessions.app_id = 'load' AND sessions.generation = :generation
    AND ended_at IS NULL AND absolute_at > :now AND sessions.created_at + a.refresh_absolute_lifetime * 1000 > :now
    AND active_at + inactivity > :now AND active_at + a.refresh_inactivity_lifetime * 1000 > :now
    AND sessions.created_at >= a.not_before AND a.id = sessions.app_id
    AND u.id = sessions.user_id AND u.epoch = sessions.user_epoch AND u.status = 'active'
  RETURNING sessions.user_id, sessions.id, sessions.user_epoch, sessions.generation, sessions.created_at, sessions.absolute_at`)

createServer((request, response) => {
  if (request.method === 'GET') return void response.end('ok')
  let text = ''
  request.on('data', (chunk: Buffer) => (text += chunk.toString()))
  request.on('end', () => {
    const { userId, sessionId, generation } = readRefreshToken(
      keys,
      'load',
      (JSON.parse(text) as { refresh_token: string }).refresh_token,
    )!
    const now = Date.now()
    const attempt = createHash('sha256')
      .update(String(request.headers['idempotency-key']))
      .digest('hex')
      .slice(0, 16)
    const row = rotate.get({
      user: userId,
      session: sessionId,
      generation,
      now,
      attempt,
      slot: (generation % 8) * 16,
    }) as unknown as Session
    const { token, expiresIn } = signer.issue(
      app,
      issuer,
      { ...row, user_id: userId, id: sessionId },
      now,
      row.absolute_at,
    )
    const body = JSON.stringify({
      auth_result: {
        auth_token: token,
        auth_token_expires_in: expiresIn,
        session_id: showId(sessionId),
        user_id: showId(userId),
        redirect_url: app.redirect_url,
        refresh_token: writeRefreshToken(keys, 'load', { userId, sessionId, generation: row.generation }),
        refresh_token_expiration: Math.floor(row.absolute_at / 1000),
      },
    })
    response
      .writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body)
  })
}).listen(Number(port), '127.0.0.1')
