import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { randomOf } from './random.ts'

interface SeedOptions {
  readonly app: string
  readonly users: number
  readonly sessions: number
  readonly events: number
}

const day = 86_400_000
const first = [
  'Ada',
  'Grace',
  'Edsger',
  'Barbara',
  'Alan',
  'Margaret',
  'Donald',
  'Radia',
  'Tim',
  'Frances',
  'Ken',
  'Katherine',
]
const last = [
  'Lovelace',
  'Hopper',
  'Liskov',
  'Turing',
  'Hamilton',
  'Knuth',
  'Perlman',
  'Allen',
  'Johnson',
  'Lamport',
  'Wing',
  'Shaw',
]
const agents = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/155.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:155.0) Gecko/20100101 Firefox/155.0',
]
const types = ['sign-in', 'sign-in', 'sign-in', 'sign-in', 'sign-out', 'sign-out', 'session-ended', 'reuse']

/** Fills a stopped server's database by SQL, because so many sign-ins would take too long. Returns the ids of the users. */
export function seed(store: string, { app, users, sessions, events }: SeedOptions): string[] {
  const db = new DatabaseSync(join(store, 'tokenkeep.db'))
  // The numbers are the same each time, so that a picture changes only if its page changes.
  const random = randomOf(1)
  const now = Date.now()
  db.exec('PRAGMA synchronous = OFF; BEGIN')
  const ids = Array.from({ length: users }, () => randomBytes(16)).toSorted(Buffer.compare)
  const addUser = db.prepare(
    `INSERT INTO users (id, app_id, identifier, folded, status, created_at, updated_at, last_login_at, login_count)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const names = ids.map((id, n) => {
    const name =
      `${first[n % 12]}.${last[Math.floor(n / 12) % 12]}${n < 144 ? '' : n}@example.com`.toLowerCase()
    const created = now - Math.floor(random() * 300 * day)
    const seen = created + Math.floor(random() * (now - created))
    const status = n % 23 === 5 ? 'inactive' : 'active'
    const signIns = 1 + Math.floor((random() * (now - created)) / (3 * day))
    addUser.run(id, app, name, name, status, created, seen, seen, signIns)
    return name
  })
  const addSession = db.prepare(
    `INSERT INTO sessions (user_id, id, app_id, user_epoch, generation, rotated_at, active_at, attempts, created_at,
       absolute_at, inactivity, ip, user_agent) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const each = Math.ceil(sessions / users)
  const begun = new Float64Array(sessions)
  for (let n = 0; n < sessions; n++) {
    const created = now - Math.floor(random() * 9 * day)
    const active = Math.max(created, now - Math.floor(random() * 2 * day))
    begun[n] = created
    const ip = `203.0.113.${n % 250}`
    const user = ids[Math.floor(n / each)]!
    const times = [active, active, '0'.repeat(128), created, created + 30 * day, 7 * day] as const
    addSession.run(user, randomBytes(16), app, Math.floor(random() * 400), ...times, ip, agents[n % 3]!)
  }
  // Makes each user's times and sign-in count agree with the user's sessions, and gives each user a passkey.
  const ofSessions = (value: string) => `(SELECT ${value} FROM sessions WHERE user_id = users.id)`
  db.exec(`
    UPDATE users SET created_at = min(created_at, coalesce(${ofSessions('min(created_at)')}, created_at)),
      last_login_at = coalesce(${ofSessions('max(created_at)')}, last_login_at),
      login_count = login_count + ${ofSessions('count(*)')};
    INSERT INTO passkeys (app_id, id, user_id, public_key, counter, created_at, last_used_at)
      SELECT app_id, hex(id), id, x'00', 0, created_at, last_login_at FROM users;`)
  const addEvent = db.prepare(
    'INSERT INTO events (at, app_id, type, user_id, identifier, session_id, actor) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const happened = Array.from({ length: events }, (_, n) => {
    // 7919 is a prime, so each session is taken once, in a scattered order.
    const session = (n * 7919) % sessions
    const type = types[Math.floor(random() * (n % 40 === 0 ? 8 : 7))]!
    const at = type === 'sign-in' ? begun[session]! : now - Math.floor(random() * 7 * day)
    return { type, at, who: Math.floor(session / each) }
  })
  for (const { type, at, who } of happened.toSorted((a, b) => a.at - b.at))
    addEvent.run(
      at,
      app,
      type,
      ids[who]!,
      names[who]!,
      randomBytes(16),
      type === 'session-ended' ? 'admin:Z3JhY2U' : 'user',
    )
  const addPoint = db.prepare(
    `INSERT INTO statistics (app_id, at, sign_ins, refreshes, replays, reuses, live_sessions) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  )
  for (let at = now - (now % 600_000) - 30 * day; at < now; at += 600_000) {
    const hour = (at % day) / 3_600_000
    const busy = Math.max(0.06, Math.sin(((hour - 5) / 15) * Math.PI)) * (0.8 + random() * 0.4)
    const live = Math.round(sessions * (0.62 + 0.3 * busy))
    addPoint.run(
      app,
      at,
      Math.round(busy * 26),
      Math.round(busy * 900),
      Math.round(busy * 5 * random()),
      Math.ceil((now - at) / 600_000) % 400 === 70 ? 1 : 0,
      live,
    )
  }
  db.exec('COMMIT; ANALYZE')
  db.close()
  return ids.map((id) => id.toString('base64url'))
}
