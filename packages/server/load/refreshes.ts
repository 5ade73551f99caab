import { randomUUID } from 'node:crypto'
import { connection, type Connection } from './client.ts'

interface SignedIn {
  readonly auth_result: { readonly refresh_token: string }
}

/** Opens the sessions, a hundred per user, through the management API. Returns their refresh tokens. */
export async function openSessions(port: number, key: string, live: number): Promise<string[]> {
  const headers = `authorization: Bearer ${key}\r\n`
  const tokens: string[] = []
  const open = async (to: Connection): Promise<void> => {
    while (tokens.length < live) {
      const user = JSON.stringify({ identifier: randomUUID() })
      const made = await to.ask('POST', '/v1/apps/load/users', user, headers)
      const { id } = (JSON.parse(made.body) as { user: { id: string } }).user
      for (let count = 0; count < 100 && tokens.length < live; count++) {
        const { body } = await to.ask('POST', `/v1/apps/load/users/${id}/sessions`, '', headers)
        tokens.push((JSON.parse(body) as SignedIn).auth_result.refresh_token)
      }
    }
  }
  const all = Array.from({ length: 4 }, () => connection(port))
  await Promise.all(all.map(open))
  for (const each of all) each.close()
  return tokens
}

/** Refreshes one session, and returns its next refresh token. */
export async function refresh(to: Connection, token: string): Promise<string> {
  const { status, body } = await to.ask(
    'POST',
    '/v1/apps/load/tokens',
    JSON.stringify({ refresh_token: token }),
    `idempotency-key: ${token.slice(-12)}\r\n`,
  )
  if (status !== 201) throw new Error(`${status}: ${body}`)
  return (JSON.parse(body) as SignedIn).auth_result.refresh_token
}

/**
 * Refreshes the sessions as fast as the server answers, over `connections` connections, while `goesOn` returns true. Each
 * connection cycles through its own sessions, so no token is used twice. Returns the latencies in milliseconds, sorted.
 */
export async function refreshAsFast(
  port: number,
  tokens: string[],
  connections: number,
  goesOn: () => boolean,
): Promise<number[]> {
  const latencies: number[] = []
  const run = async (to: Connection, first: number): Promise<void> => {
    for (let turn = first; goesOn(); turn = turn + connections < tokens.length ? turn + connections : first) {
      const asked = performance.now()
      tokens[turn] = await refresh(to, tokens[turn]!)
      latencies.push(performance.now() - asked)
    }
  }
  const all = Array.from({ length: connections }, () => connection(port))
  try {
    await Promise.all(all.map(run))
  } finally {
    // If one connection fails, the others stop.
    for (const each of all) each.close()
  }
  return latencies.toSorted((a, b) => a - b)
}

/**
 * Refreshes the sessions at a fixed rate while `goesOn` returns true. Each refresh is measured from the time at which it is
 * due, even if earlier ones are late: a server that pauses delays all refreshes of the pause. Returns the latencies in
 * milliseconds, sorted.
 */
export async function refreshSteadily(
  port: number,
  tokens: string[],
  perSecond: number,
  goesOn: () => boolean,
): Promise<number[]> {
  const idle = Array.from({ length: 32 }, () => connection(port))
  const all = [...idle]
  const waiting: ((to: Connection) => void)[] = []
  const latencies: number[] = []
  const failures: unknown[] = []
  const one = async (due: number, place: number): Promise<void> => {
    const to = idle.pop() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)))
    try {
      tokens[place] = await refresh(to, tokens[place]!)
      latencies.push(performance.now() - due)
    } catch (error) {
      failures.push(error)
    }
    const next = waiting.shift()
    if (next) next(to)
    else idle.push(to)
  }
  const since = performance.now()
  const begun: Promise<void>[] = []
  while (goesOn() && failures.length === 0) {
    const due = Math.floor(((performance.now() - since) * perSecond) / 1000)
    while (begun.length < due)
      begun.push(one(since + ((begun.length + 1) * 1000) / perSecond, begun.length % tokens.length))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  await Promise.all(begun)
  for (const each of all) each.close()
  if (failures.length > 0) throw failures[0]
  return latencies.toSorted((a, b) => a - b)
}

/** Returns the value that this share of the sorted values does not exceed. */
export const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor(sorted.length * share)] ?? Number.NaN
