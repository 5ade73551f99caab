// `pnpm openapi-clients`: generates two clients from the OpenAPI document of a running server, compiles them strictly, and runs them.
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { freePort } from '../../../../scripts/lib/free-port.ts'

const run = promisify(execFile)
const here = join(import.meta.dirname, '..')
const generated = join(here, 'generated')
const command = ['--conditions=source', join(here, '..', '..', '..', 'packages', 'server', 'src', 'main.ts')]
const tool = (name: string, ...args: string[]): Promise<unknown> =>
  run(join(here, 'node_modules', '.bin', name), args, { cwd: here }).catch(
    (error: Error & { stdout?: string }) => {
      throw new Error(`${name} failed:\n${error.stdout}`, { cause: error })
    },
  )

const store = mkdtempSync(join(tmpdir(), 'tokenkeep-openapi-'))
const cli = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [...command, ...args, '--store', store])).stdout.trim()
let server: ChildProcess | undefined
try {
  const app = [
    '--id',
    'demo',
    '--name',
    'Demo',
    '--auth-origin',
    'https://app.example',
    '--redirect-url',
    '/',
  ]
  await cli('apps', 'create', ...app, '--refresh')
  const key = await cli('api-keys', 'create', '--app', 'demo')
  const port = await freePort()
  const url = `http://localhost:${port}`
  server = spawn(process.execPath, [...command, 'serve', '--store', store, '--port', String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  while (!(await fetch(`${url}/readyz`).catch(() => undefined))) await sleep(50)

  rmSync(generated, { recursive: true, force: true })
  mkdirSync(generated)
  const document = join(generated, 'openapi.json')
  writeFileSync(document, await (await fetch(`${url}/openapi.json`)).text())
  await tool('openapi-typescript', document, '--output', join(generated, 'openapi-typescript.ts'))
  await tool('openapi-ts', '--input', document, '--output', join(generated, 'hey-api'))
  console.log('generated both clients')
  await tool('tsc', '--project', join(here, 'tsconfig.json'))
  console.log('both compile strictly')
  for (const client of ['openapi-fetch', 'hey-api']) {
    const { stdout } = await run(process.execPath, [
      '--import',
      join(here, 'src', 'extensions.ts'),
      join(here, 'src', `${client}.ts`),
      url,
      key,
    ])
    console.log(stdout.trim())
  }
} finally {
  server?.kill('SIGTERM')
  rmSync(store, { recursive: true, force: true })
}
