import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigError, readConfig, readSettings } from './config.ts'

let folder: string
const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const faults = (flags: Record<string, unknown>, env: NodeJS.ProcessEnv = {}): string => {
  try {
    readConfig(flags, env)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as Error).message
  }
  throw new Error('accepted')
}

it('a flag overrides a variable, and a variable overrides the file', () => {
  const config = write(
    'all.json',
    JSON.stringify({ store: './file', port: 1, host: 'file', logLevel: 'debug' }),
  )
  const env = { TOKENKEEP_PORT: '2', TOKENKEEP_HOST: 'env', TOKENKEEP_CONFIG: config }
  expect(readConfig({ host: 'flag' }, env)).toMatchObject({
    store: './file',
    port: 2,
    host: 'flag',
    logLevel: 'debug',
  })
})

it('reads a secret from the file that a variable names', () => {
  const path = write('secret', 'a-secret-of-some-length\n')
  const env = { TOKENKEEP_METRICS_TOKEN_FILE: path }
  expect(readConfig({ store: 'x' }, env).metricsToken).toBe('a-secret-of-some-length')
  expect(faults({ store: 'x' }, { TOKENKEEP_MASTER_KEY_FILE: '/nowhere' })).toBe(
    'TOKENKEEP_MASTER_KEY_FILE /nowhere: no such file: name a file that this user can read',
  )
})

it('reports every fault at once, with the place where it was set', () => {
  const config = write('wrong.json', JSON.stringify({ logLevel: 'loud', prot: 4000 }))
  const lines = faults({ config, port: 'eighty' }, { TOKENKEEP_BASE_URL: 'ftp://x' }).split('\n')
  expect(lines).toHaveLength(5)
  for (const part of [
    '--store is missing (or TOKENKEEP_STORE',
    '--port: ',
    'TOKENKEEP_BASE_URL: ',
    `${config}: logLevel: `,
    `${config}: there is no setting prot`,
  ])
    expect(
      lines.some((line) => line.startsWith(part)),
      part,
    ).toBe(true)
})

it('shows the value of a setting, but never of one that can contain a secret (case F14)', () => {
  expect(faults({ store: 'x', port: 'eighty' })).toBe(
    '--port: "eighty" must be a whole number from 0 to 65535',
  )
  expect(faults({ store: 'x' }, { TOKENKEEP_METRICS_TOKEN: 'c4n4ry' })).not.toContain('c4n4ry')
  expect(faults({ store: 'mysql://u:c4n4ry@host/x' })).not.toContain('c4n4ry')
})

it('ignores what Kubernetes sets for a Service named tokenkeep, and says so (case F7)', () => {
  const env = {
    TOKENKEEP_PORT: 'tcp://10.0.0.1:4000',
    TOKENKEEP_SERVICE_HOST: '10.0.0.1',
    TOKENKEEP_SERVICE_PORT: '4000',
    TOKENKEEP_SERVICE_PORT_HTTP: '4000',
    TOKENKEEP_PORT_4000_TCP: 'tcp://10.0.0.1:4000',
    TOKENKEEP_PORT_4000_TCP_PROTO: 'tcp',
    TOKENKEEP_PORT_4000_TCP_PORT: '4000',
    TOKENKEEP_PORT_4000_TCP_ADDR: '10.0.0.1',
  }
  const { config, warnings } = readSettings({ store: 'x' }, env)
  expect(config.port).toBe(4000)
  expect(warnings).toEqual([expect.stringMatching(/^TOKENKEEP_PORT is ignored: Kubernetes .*--port/)])
})

it('says that a misspelled variable is ignored', () => {
  const { warnings } = readSettings(
    { store: 'x' },
    { TOKENKEEP_BASEURL: 'x', TOKENKEEP_METRICS_TOKEN_FILE: '' },
  )
  expect(warnings).toEqual([expect.stringMatching(/^TOKENKEEP_BASEURL is ignored/)])
})

it('reports a missing file and a file that is not a JSON object', () => {
  expect(faults({ config: '/nowhere.json' })).toBe(
    '--config /nowhere.json: no such file: name a file that this user can read',
  )
  for (const text of ['{', '[]', '1'])
    expect(faults({ config: write('bad.json', text) })).toContain('must contain one JSON object')
})
