import { execFile } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCluster, ownerOfClusters, type Cluster } from '../../test/cluster.ts'
import { startServer } from '../../test/server.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'
import { openStore } from './store.ts'

const run = promisify(execFile)

describe('PostgreSQL with TLS and a self-signed certificate', () => {
  let folder: string
  let certificate: string
  let cluster: Cluster
  let local: string
  let url: (host: string, query: string) => string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tokenkeep-tls-'))
    certificate = join(folder, 'server.crt')
    const key = join(folder, 'server.key')
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    await run('openssl', [
      'req',
      '-x509',
      ...curve,
      ...name,
      '-days',
      '2',
      '-keyout',
      key,
      '-out',
      certificate,
    ])
    const { uid, gid } = await ownerOfClusters()
    if (uid !== undefined) for (const file of [folder, key, certificate]) chownSync(file, uid, gid!)
    const port = await freePort()
    const tls = ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`]
    cluster = await createCluster(['fsync=off', 'listen_addresses=localhost', `port=${port}`, ...tls], port)
    local = await cluster.createDatabase()
    const { pathname } = new URL(local)
    url = (host, query) => `postgres://postgres@${host}:${port}${pathname}?${query}`
  })
  afterAll(async () => {
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('serves, with every connection encrypted and verified', async () => {
    const server = await startServer(
      {},
      {},
      url('localhost', `sslmode=verify-full&sslrootcert=${certificate}`),
    )
    try {
      const { result } = await server.signIn()
      expect((await server.refresh(result.refresh_token)).status).toBe(201)
      expect((await server.ask('GET', '//readyz')).status).toBe(200)
      const client = new pg.Client({ connectionString: local })
      await client.connect()
      const { rows } = await client.query<{ ssl: boolean }>(
        `SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = 'tokenkeep'`,
      )
      await client.end()
      expect(rows.length).toBeGreaterThan(1)
      expect(new Set(rows.map(({ ssl }) => ssl))).toEqual(new Set([true]))
    } finally {
      await server.stop()
    }
  })

  it('is reached without a check of its certificate only if the URL says so', async () => {
    const store = await openStore(url('127.0.0.1', 'sslmode=no-verify'))
    await store.probe(1)
    await store.close()
  })

  it.each(['prefer', 'require', 'verify-ca', 'verify-full'])(
    'is refused with sslmode=%s and no certificate, in one line that says what to do',
    async (mode) => {
      const warned: string[] = []
      const note = (warning: Error): void => void warned.push(warning.message)
      process.on('warning', note)
      await expect(openStore(url('localhost', `sslmode=${mode}`))).rejects.toThrow(
        /^self-signed .*sslrootcert/,
      )
      await new Promise((resolve) => setImmediate(resolve))
      process.off('warning', note)
      expect(warned.filter((text) => text.includes('SSL'))).toEqual([])
    },
  )

  it('is refused under another name, without its file, and with a damaged one, in one line', async () => {
    const damaged = join(folder, 'damaged.crt')
    writeFileSync(damaged, 'x')
    for (const [host, query, told] of [
      [
        '127.0.0.1',
        `sslmode=verify-full&sslrootcert=${certificate}`,
        /host name that is in the certificate$/,
      ],
      ['localhost', `sslmode=verify-full&sslrootcert=${folder}/none.crt`, /none\.crt.*correct sslrootcert/],
      ['localhost', `sslmode=verify-full&sslrootcert=${folder}`, /correct sslrootcert/],
      ['localhost', `sslmode=verify-full&sslrootcert=${damaged}`, /sslrootcert/],
    ] as const)
      await expect(openStore(url(host, query))).rejects.toThrow(told)
  })
})

it('a server without TLS is refused if the URL asks for TLS, in one line', async () => {
  // PostgreSQL answers "N" to a request for TLS that it cannot serve.
  const server = createServer((socket) => socket.once('data', () => socket.end('N')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `postgres://postgres@127.0.0.1:${port}/x?sslmode=require`
  await expect(openStore(url)).rejects.toThrow(/does not support SSL connections: switch TLS on there/)
  server.close()
})
