import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

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
    'TOKENKEEP_MASTER_KEY_FILE: /nowhere cannot be read',
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

it('never shows the value of a setting', () => {
  expect(faults({ store: 'x' }, { TOKENKEEP_METRICS_TOKEN: 'c4n4ry' })).not.toContain('c4n4ry')
  expect(faults({ store: 'x', port: 'c4n4ry' })).not.toContain('c4n4ry')
})

it('reports a missing file and a file that is not a JSON object', () => {
  expect(faults({ config: '/nowhere.json' })).toBe('/nowhere.json: no such file')
  for (const text of ['{', '[]', '1'])
    expect(faults({ config: write('bad.json', text) })).toContain('must contain one JSON object')
})
