import pg from 'pg'
import { UnusableStoreError } from './unusable.ts'

/** How long the server works on a statement before it cancels it. */
const STATEMENT_TIMEOUT_MS = 4000
/**
 * How long a statement can stay without its answer. Then its connection is destroyed, because it can be dead: a firewall
 * that drops packets tells neither side. It is longer than the server's own timeout, so a slow server answers first.
 */
const ANSWER_TIMEOUT_MS = 5000
const CONNECT_TIMEOUT_MS = 3000
/** How long `close` waits for connections to end in order. */
const GOODBYE_MS = 1000

/** Reads whole numbers as JavaScript numbers: none of them exceeds 2^53. */
const types = {
  getTypeParser: ((oid: number, format?: 'text') =>
    oid === pg.types.builtins.INT8 || oid === pg.types.builtins.NUMERIC
      ? Number
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
}

/** Splits a URL that names several hosts, as libpq accepts it, into one URL for each: `postgres://a:5432,b:5433/db`. */
export function urlsOfHosts(url: string): string[] {
  const [, start, hosts, end] = /^(\w+:\/\/(?:[^@/]*@)?)([^/?]*)(.*)$/s.exec(url) ?? []
  const urls = (hosts ?? '').split(',').map((host) => `${start}${host}${end}`)
  for (const each of urls)
    if (!URL.canParse(each))
      throw new UnusableStoreError(
        'this is not a URL: it must be postgres://user:password@host:port/database, with special characters in the password escaped',
      )
  return urls.map(withVerifiedTls)
}

/**
 * The driver verifies the server's certificate in these modes too, and warns at each connection that a later version will not.
 * So this sets the mode that always verifies.
 */
function withVerifiedTls(url: string): string {
  const modes = /([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/
  return url.includes('uselibpqcompat=true') ? url : url.replace(modes, '$1verify-full')
}

/** The hosts of the database and which of them is in use. */
export interface Target {
  readonly urls: readonly string[]
  current: number
  /** A pooler such as PgBouncer is between this process and the database. */
  readonly pooled: boolean
}

const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString,
    application_name: 'tokenkeep',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    types,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return client
  } catch (error) {
    if (/unsupported startup parameter: options/.test((error as Error).message))
      throw new UnusableStoreError(
        'the pooler refuses the parameter "options": remove it from the URL, and use ALTER ROLE … SET instead',
        { cause: error },
      )
    throw error
  }
}

const isStandby = async (client: pg.ClientBase): Promise<boolean> =>
  (await client.query<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby')).rows[0]!.standby

/** Opens a connection without a timeout for statements, to the first host that is not a standby. */
export async function connectToPrimary(url: string): Promise<{ client: pg.Client; target: Target }> {
  const urls = urlsOfHosts(url)
  let failure: unknown
  for (const [current, each] of urls.entries()) {
    try {
      const client = await connect(each)
      if (urls.length > 1 && (await isStandby(client))) {
        await client.end()
        continue
      }
      // A pooler tells its clients another process id than that of the server's process.
      const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
      const { processID } = client as unknown as { processID: number }
      return { client, target: { urls, current, pooled: rows[0]!.pid !== processID } }
    } catch (error) {
      failure = error
    }
  }
  throw failure ?? new Error('every host of the URL is a standby')
}

/** Ends a connection at once, without a message to the server. */
export const destroyConnection = (client: pg.ClientBase): void => {
  ;(client as pg.Client).connection.stream.destroy()
}

export interface ClosablePool {
  readonly pool: pg.Pool
  /** Ends all connections. A silent one is destroyed after a second. */
  close(): Promise<void>
}

/** Opens a pool of connections. `setting` is a startup option. Behind a pooler there are none, because it would refuse them. */
export function openPool(target: Target, setting: string, own: pg.PoolConfig): ClosablePool {
  const { urls, pooled } = target
  const open = new Set<pg.PoolClient>()
  const startup = pooled
    ? {}
    : { statement_timeout: STATEMENT_TIMEOUT_MS, idle_in_transaction_session_timeout: 10_000 }
  const connectionString = (): string => {
    const url = new URL(urls[target.current]!)
    const options = [url.searchParams.get('options'), pooled ? '' : setting].filter(Boolean).join(' ')
    if (options) url.searchParams.set('options', options)
    return url.href
  }
  const leave = (host: number): void => {
    if (target.current === host) target.current = (host + 1) % urls.length
  }
  const hostOf = new WeakMap<pg.ClientBase, number>()
  /** Connects to the host that is in use. If that fails, the next connection goes to the next host. */
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super({ ...config, connectionString: connectionString() })
      const host = target.current
      hostOf.set(this, host)
      const leaveHost = (): void => leave(host)
      this.once('end', leaveHost)
      this.once('connect', () => this.off('end', leaveHost))
    }
  }
  /** Refuses a standby: a URL with several hosts means the primary among them. */
  const verify = (client: pg.PoolClient, done: (error?: Error) => void): void => {
    void isStandby(client).then((standby) => {
      if (standby) leave(hostOf.get(client)!)
      done(standby ? new Error('this host is a standby') : undefined)
    }, done)
  }
  const pool = new pg.Pool({
    Client,
    application_name: 'tokenkeep',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: ANSWER_TIMEOUT_MS,
    keepAlive: true,
    ...(urls.length > 1 && { verify }),
    ...startup,
    ...own,
    types,
  })
  // Without listeners, the loss of an idle connection would end the process. Pending queries reject, and the pool reconnects.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => {
    client.on('error', () => undefined)
    open.add(client)
    client.once('end', () => open.delete(client))
  })
  return {
    pool,
    async close() {
      const goodbye = pool.end()
      const destroy = setTimeout(() => open.forEach(destroyConnection), GOODBYE_MS)
      await goodbye
      clearTimeout(destroy)
    },
  }
}
