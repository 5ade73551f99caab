import { connection, type Connection } from '../../../../../packages/server/load/client.ts'
import { cpuOf } from './cpu.ts'

/** Requests a refresh from a server, and returns the next refresh token from the response. */
export interface Refreshes {
  ask(to: Connection, token: string): Promise<string>
}

export const sessionServerRefreshes: Refreshes = {
  async ask(to, token) {
    const { status, body } = await to.ask(
      'POST',
      '/v1/apps/bench/tokens',
      JSON.stringify({ refresh_token: token }),
      `idempotency-key: ${token.slice(-12)}\r\n`,
    )
    if (status !== 201) throw new Error(`${status}: ${body}`)
    return (JSON.parse(body) as { auth_result: { refresh_token: string } }).auth_result.refresh_token
  },
}

export const oauthRefreshes = (path: string, fields: Record<string, string> = {}): Refreshes => ({
  async ask(to, token) {
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: token,
      ...fields,
    })
    const headers = 'content-type: application/x-www-form-urlencoded\r\n'
    const { status, body } = await to.ask('POST', path, form.toString(), headers)
    if (status !== 200) throw new Error(`${status}: ${body}`)
    return (JSON.parse(body) as { refresh_token: string }).refresh_token
  },
})

export interface Load {
  readonly refreshes: number
  readonly seconds: number
  /** CPU time of the servers' processes. Microseconds. */
  readonly cpu: number
  /** How long each refresh took. Milliseconds, sorted. */
  readonly latencies: readonly number[]
}

const connectionsPerServer = 16

/** Each connection sends its next refresh as soon as the server has responded. Each connection rotates over sessions of its own. `tokens` keeps the newest tokens. */
export async function load(
  servers: readonly { readonly port: number; readonly pid: number }[],
  refreshes: Refreshes,
  tokens: string[],
  seconds: number,
): Promise<Load> {
  const connections = servers.flatMap(({ port }) =>
    Array.from({ length: connectionsPerServer }, () => connection(port)),
  )
  const latencies: number[] = []
  const cpu = (): number => servers.reduce((sum, { pid }) => sum + cpuOf(pid), 0)
  const before = cpu()
  const since = performance.now()
  const until = since + seconds * 1000
  const run = async (to: Connection, first: number): Promise<void> => {
    for (let turn = first; performance.now() < until; turn += connections.length) {
      if (turn >= tokens.length) turn = first
      const asked = performance.now()
      tokens[turn] = await refreshes.ask(to, tokens[turn]!)
      latencies.push(performance.now() - asked)
    }
  }
  try {
    await Promise.all(connections.map(run))
    const took = (performance.now() - since) / 1000
    const used = cpu() - before
    latencies.sort((a, b) => a - b)
    return { refreshes: latencies.length, seconds: took, cpu: used, latencies }
  } finally {
    // If one connection fails, the others stop.
    for (const each of connections) each.close()
  }
}
