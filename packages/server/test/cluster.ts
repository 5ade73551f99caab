import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)
const debian = '/usr/lib/postgresql'

function find(): string | undefined {
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    process.env['PG_BIN'],
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.find((folder) => folder && existsSync(join(folder, 'initdb')))
}

/** Finds the folder of PostgreSQL’s programs. Installs them if they are missing and this process can install packages. */
export async function findPrograms(): Promise<string> {
  const isRoot = process.getuid?.() === 0
  if (!find() && isRoot && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update'])
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'postgresql'])
  }
  const found = find()
  if (!found)
    throw new Error('PostgreSQL is missing: apt-get install postgresql, or set PG_BIN to its programs')
  return found
}

/** PostgreSQL refuses to run as root. If this process is root, PostgreSQL runs as the user of its package. */
export async function ownerOfClusters(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const id = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await id('-u'), gid: await id('-g') }
}

/** A PostgreSQL server in a temporary folder, reached through a socket there. */
export interface Cluster {
  /** Creates an empty database. Returns its URL. */
  createDatabase(): Promise<string>
  /** Ends the server at once, before it finishes any work. */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** `port`: the port that the settings name, because it is a part of the socket's name too. */
export async function createCluster(settings: readonly string[] = [], port = 5432): Promise<Cluster> {
  const bin = await findPrograms()
  const as = await ownerOfClusters()
  const folder = mkdtempSync(join(tmpdir(), 'tk-pg-'))
  if (as.uid !== undefined) chownSync(folder, as.uid, as.gid!)
  const data = join(folder, 'data')
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8'], {
    ...as,
    cwd: folder,
  })

  let server: ChildProcess | undefined
  let databases = 0
  const urlOf = (name: string): string =>
    `postgres:///${name}?host=${folder}&user=postgres${port === 5432 ? '' : `&port=${port}`}`
  const ask = async (sql: string): Promise<void> => {
    const client = new pg.Client({ connectionString: urlOf('postgres') })
    try {
      await client.connect()
      await client.query(sql)
    } finally {
      await client.end().catch(() => undefined)
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!server) return
    const exited = new Promise((resolve) => server!.once('exit', resolve))
    server.kill(signal)
    await exited
    server = undefined
  }
  const start = async (): Promise<void> => {
    const options = ['listen_addresses=', 'max_connections=200', ...settings].flatMap((each) => ['-c', each])
    server = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, ...options], {
      ...as,
      cwd: folder,
      stdio: 'ignore',
    })
    const gone = new Promise<never>((_, reject) =>
      server!.once('exit', (code) => reject(new Error(`PostgreSQL ended with ${code}`))),
    )
    gone.catch(() => undefined)
    const answers = async (): Promise<void> => {
      while (
        !(await ask('SELECT 1').then(
          () => true,
          () => false,
        ))
      )
        await setTimeout(30)
    }
    await Promise.race([answers(), gone])
  }
  // If this process ends without stopping the cluster, the server and its folder are removed.
  const abandon = (): void => {
    // pg_ctl waits until the server has ended.
    const stop = ['stop', '-m', 'immediate', '-D', data]
    if (server) execFileSync(join(bin, 'pg_ctl'), stop, { ...as, cwd: folder, stdio: 'ignore' })
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', abandon)
  await start()

  return {
    async createDatabase() {
      const name = `tokenkeep_${process.pid}_${++databases}`
      await ask(`CREATE DATABASE ${name}`)
      return urlOf(name)
    },
    crash: () => end('SIGQUIT'),
    start,
    async stop() {
      await end('SIGINT')
      process.off('exit', abandon)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Creates an empty database in a cluster that another process started. */
export async function createDatabaseAt(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const name = `tokenkeep_${crypto.randomUUID().replaceAll('-', '')}`
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return url.replace(/\/\/\/\w+/, `///${name}`)
}
