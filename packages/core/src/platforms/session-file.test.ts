import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { locks, storage } from '../../test/environment-contract.ts'
import { viewOf } from '../../test/view.ts'
import { createTokenManager } from '../manager/manager.ts'
import { functionTransport } from '../transports/function-transport.ts'
import { sessionFile } from './session-file.ts'

let folder: string
let path: string
let server: Server
/** The refresh token that the server accepts next, and what it was asked for. It rotates strictly and forgives nothing. */
let generation: number
let requests: string[]
/** Called before the server answers a refresh. */
let beforeAnswer: () => Promise<unknown>

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-session-file-'))
  path = join(folder, 'shop', 'session')
  generation = 1
  requests = []
  beforeAnswer = async () => {}
  server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    requests.push(
      `${request.url} ${new URLSearchParams(body).get('refresh_token') ?? new URLSearchParams(body).get('token')}`,
    )
    response.setHeader('content-type', 'application/json')
    if (request.url === '/revoke') return response.end()
    const isCurrent = new URLSearchParams(body).get('refresh_token') === `r${generation}`
    if (!isCurrent) return response.writeHead(400).end('{"error":"invalid_grant"}')
    generation += 1
    const issued = { access_token: `a${generation}`, refresh_token: `r${generation}`, expires_in: 60 }
    await beforeAnswer()
    return response.end(JSON.stringify({ token_type: 'Bearer', ...issued }))
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true })
})

const source = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href)
/** The beginning of each program. It shares the session of every other program. */
const program = (): string => {
  const { port } = server.address() as AddressInfo
  return `
    import { createTokenManager, oauth } from ${source('../index.ts')}
    import { sessionFile } from ${source('./session-file.ts')}
    const transport = oauth({
      tokenEndpoint: 'http://localhost:${port}/token',
      revocationEndpoint: 'http://localhost:${port}/revoke',
      clientId: 'cli',
    })
    const auth = createTokenManager({ transport, ...sessionFile(${JSON.stringify(path)}) })
    const first = (expiresIn = 60) => ({ token_type: 'Bearer', access_token: 'a1', refresh_token: 'r1', expires_in: expiresIn })
  `
}
const node = (code: string): string[] => ['--input-type=module', '--eval', `${program()}\n${code}`]
const run = async (code: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, node(code))).stdout.trim()
/** Starts a program, and resolves when it has printed its first line. */
const start = async (code: string) => {
  const child = spawn(process.execPath, node(code), { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.on('data', (text) => (printed += String(text)))
  await vi.waitUntil(() => printed !== '', 60_000)
  return { child, printed: () => printed.trim().split('\n') }
}

describe('a session file keeps the contract of storage and locks', () => {
  for (const [title, check] of Object.entries({ ...storage, ...locks }))
    it(title, () => {
      const view = () => {
        const { storage, environment } = sessionFile(path)
        return viewOf(storage, environment)
      }
      return check(view(), view())
    })
})

it('a session outlives the program, and only its user can read the file', async () => {
  expect(await run(`await auth.signIn(first()); console.log(auth.get().status)`)).toBe('valid')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(join(folder, 'shop')).mode & 0o777).toBe(0o700)
  chmodSync(path, 0o644)
  expect(await run(`console.log(await auth.getAuthToken())`)).toBe('a1')
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('eight programs that start at once after an expiry send one refresh, to a server that forgives none', async () => {
  await run(`await auth.signIn(first(0.01))`)
  const all = Array.from({ length: 8 }, () => run(`console.log(await auth.getAuthToken())`))
  expect(await Promise.all(all)).toEqual(Array.from({ length: 8 }, () => 'a2'))
  expect(requests).toEqual(['/token r1'])
})

it('a program that is killed during its refresh does not hold up the others', async () => {
  await run(`await auth.signIn(first(0.01))`)
  let arrived = (): void => {}
  const asked = new Promise<void>((resolve) => (arrived = resolve))
  beforeAnswer = () => (arrived(), (generation = 1), new Promise(() => {}))
  const { child } = await start(`console.log('up'); await auth.getAuthToken()`)
  await asked
  beforeAnswer = async () => {}
  const other = run(`
    const since = performance.now()
    console.log(await auth.getAuthToken(), performance.now() - since < 60_000)`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await other).toBe('a2 true')
})

it('a program hears of a sign-out in another one', async () => {
  const { child, printed } = await start(`
    await auth.signIn(first())
    console.log('signed in')
    setInterval(() => {}, 1000)
    auth.subscribe(() => auth.get().status === 'signed-out' && (console.log(auth.get().reason), process.exit()))`)
  const ended = once(child, 'exit')
  await run(`await auth.signOut()`)
  await ended
  expect(printed()).toEqual(['signed in', 'signed-out'])
  expect(requests).toEqual(['/revoke r1'])
})

it('a sign-out is not lost if the program exits in the same turn, and the next program revokes it', async () => {
  await run(`await auth.signIn(first())`)
  await run(`await auth.getAuthToken(); void auth.signOut(); process.exit()`)
  expect(
    await run(`
      console.log(await auth.getAuthToken().then(() => 'a token', ({ code }) => code))
      await new Promise((resolve) => setTimeout(resolve, 1000))`),
  ).toBe('sign-in-required')
  expect(requests).toEqual(['/revoke r1'])
})

describe('if the file cannot be used, no session is lost, and nothing throws outside of the manager’s calls', () => {
  const transport = functionTransport({ key: 'k', refresh: async () => undefined })
  const signedIn = { authToken: 'a', expiresIn: 60, refreshToken: 'r' }

  it.each([
    [
      'not a database',
      () => writeFileSync(join(folder, 'shop'), 'x'.repeat(5000)),
      () => join(folder, 'shop'),
    ],
    ['in a folder that is a file', () => writeFileSync(join(folder, 'shop'), ''), () => path],
    ['a folder', () => {}, () => folder],
  ])('%s', async (_, arrange, where) => {
    arrange()
    const auth = createTokenManager({ transport, ...sessionFile(where()) })
    await expect(auth.getAuthToken()).rejects.toMatchObject({
      code: 'sign-in-required',
      reason: 'unreadable',
    })
    await expect(auth.signIn(signedIn)).rejects.toMatchObject({ code: 'storage' })
    auth.dispose()
  })

  it('a file that is deleted while a program runs is made again', async () => {
    const auth = createTokenManager({ transport, ...sessionFile(path) })
    await auth.signIn(signedIn)
    rmSync(path)
    await auth.signIn(signedIn)
    expect(existsSync(path)).toBe(true)
    auth.dispose()
  })
})
