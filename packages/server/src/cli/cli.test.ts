import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  createDemo,
  runHere,
  startCommand,
  waitForOutput,
  type Run,
  type Running,
} from '../../test/command.ts'
import { origin } from '../../test/server.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-cli-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const on = (...args: string[]): Promise<Run> => runHere(...args, '--store', join(folder, 'data'))
const createApp = (...more: string[]) => on(...createDemo, ...more)

const serve = async (
  port: number,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Running> => {
  const running = startCommand(['serve', '--port', `${port}`, ...more], {
    TOKENKEEP_STORE: join(folder, 'data'),
    ...env,
  })
  await waitForOutput(running, 'listening')
  return running
}

describe('the commands', () => {
  it('create an app and an API key, and print errors in one line without a stack', async () => {
    expect(await createApp('--refresh', '--auth-token-lifetime', '20')).toEqual({ code: 0, out: '', err: '' })
    expect(await createApp()).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is an app demo already'),
    })
    expect(await createApp('--refresh', '--replace')).toMatchObject({ code: 0 })
    // Public sign-up is off unless it is switched on (case G1).
    const listed = async () => JSON.parse((await on('apps', 'list')).out)
    expect(await listed()).toMatchObject([{ id: 'demo', public_sign_up: false }])
    const update = (...flags: string[]) => on('apps', 'update', '--id', 'demo', ...flags)
    expect(await update('--public-signup', '--name', 'Shop')).toEqual({ code: 0, out: '', err: '' })
    expect(await listed()).toMatchObject([{ id: 'demo', public_sign_up: true }])
    expect(await update('--no-public-signup')).toMatchObject({ code: 0 })
    expect(await listed()).toMatchObject([{ name: 'Shop', refresh_tokens: true, public_sign_up: false }])
    expect(await update('--name', 'Demo', '--no-refresh', '--refresh')).toMatchObject({ code: 0 })
    const key = await on('api-keys', 'create', '--app', 'demo')
    expect(key).toMatchObject({ code: 0, out: expect.stringMatching(/^tk1\.[\w-]{43}\n$/) })
    expect(await listed()).toMatchObject([{ id: 'demo', name: 'Demo' }])

    const wrong: [() => Promise<Run>, string][] = [
      [() => on('api-keys', 'create', '--app', 'none'), 'there is no app none'],
      [() => createApp('--auth-token-lifetime', '3'), 'session_timeout_length'],
      [
        () => createApp('--refresh', '--absolute', '0', '--inactivity', '0'),
        'an absolute or an inactivity limit',
      ],
      [() => on('apps', 'update', '--id', 'none'), 'there is no app none'],
      [() => on('apps', 'update', '--id', 'demo', '--absolute', 'x'), '--absolute x: must be'],
      [() => createApp('--auth-origin', `${origin}/path`), 'must be an origin'],
      [() => on('apps', 'create'), "required option '--id <id>' not specified"],
      [() => runHere('apps', 'list'), '--store is missing (or TOKENKEEP_STORE'],
      [() => runHere('serve', '--port', 'x', '--store', 'x'), '--port: '],
      [() => runHere('nothing'), 'unknown command'],
    ]
    for (const [fail, message] of wrong) {
      const { code, out, err } = await fail()
      expect([code, out]).toEqual([1, ''])
      expect(err).toContain(message)
      expect(err).not.toContain('    at ')
    }
  })

  it('end as a process with the code, the output and no stack', async () => {
    const { code, out, err } = await startCommand(['apps', 'create', '--store', folder]).ended
    expect([code, out]).toEqual([1, ''])
    expect(err).toMatch(/^tokenkeep: required option '--id <id>' not specified[^\n]*\n$/)
  })

  it('print help that names every setting with its default and its variable', async () => {
    expect((await runHere('--help')).out).toContain('TOKENKEEP_MASTER_KEY')
    const { code, out } = await runHere('serve', '--help')
    expect(code).toBe(0)
    for (const text of [
      '--trusted-proxies <value>',
      'env: TOKENKEEP_BASE_URL',
      'default: 4000',
      '--config <file>',
    ])
      expect(out.replaceAll(/\s+/g, ' ')).toContain(text)
    expect(out).not.toContain('--master-key <')
  })

  it('rotate keys, check the setup, migrate and manage users', async () => {
    const states = (run: Run) =>
      [...run.out.matchAll(/(next|current|previous)/g)].map(([state]) => state).toSorted()
    expect(states(await on('keys', 'list', '--app', 'demo'))).toEqual(['current', 'next'])
    expect(states(await on('keys', 'rotate', '--app', 'demo', '--alg', 'ES256'))).toContain('previous')
    expect(await on('migrate')).toEqual({ code: 0, out: '{\n  "database": "up to date"\n}\n', err: '' })
    expect((await on('users', 'find', '', '--app', 'demo')).out).toBe('[]\n')
    expect((await on('users', 'deactivate', 'nobody', '--app', 'demo')).err).toContain(
      'there is no user nobody',
    )
    const doctor = await on('doctor')
    expect([doctor.code, doctor.out]).toEqual([
      0,
      expect.stringContaining('the master key opens the signing keys of every app'),
    ])
    // doctor reports a wrong master key.
    const saved = join(folder, 'data', 'master.key')
    writeFileSync(saved, Buffer.alloc(32, 7).toString('base64url'))
    expect(await on('doctor')).toMatchObject({
      code: 1,
      out: expect.stringContaining('this master key is not the one'),
    })
    rmSync(join(folder, 'data'), { recursive: true })
  })
})

describe('serve', () => {
  const ask = (port: number, method: string, path: string, body?: object, headers = {}) =>
    fetch(`http://localhost:${port}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })

  it('prints the link for the first admin but does not log it, and fails if the port is in use', async () => {
    const port = await freePort()
    await createApp('--refresh')
    const running = await serve(port)
    await waitForOutput(running, 'First admin: ')
    const link = /First admin: (\S+)/.exec(running.output.err)![1]!
    expect(link).toMatch(new RegExp(`^http://localhost:${port}/console/#invitation=[\\w-]{20,}$`))
    expect(running.output.out).not.toContain(link.split('=')[1])
    expect((await ask(port, 'GET', '/readyz')).status).toBe(200)
    const second = await startCommand(['serve', '--port', `${port}`, '--store', join(folder, 'data')]).ended
    expect(second).toMatchObject({ code: 1, err: expect.stringContaining(`port ${port} is in use`) })
    running.child.kill('SIGINT')
    expect(await running.ended).toMatchObject({ code: 0, out: expect.stringContaining('"msg":"stopped"') })
  })

  it('is not ready after SIGTERM, answers open requests and then ends', async () => {
    const port = await freePort()
    await createApp('--refresh', '--replace')
    const key = (await on('api-keys', 'create', '--app', 'demo')).out.trim()
    const running = await serve(port, [
      // Long enough to see "not ready" on a busy machine.
      '--drain-delay',
      '3',
      '--drain-timeout',
      '120',
      '--request-timeout',
      '300',
    ])
    const authorization = { authorization: `Bearer ${key}` }
    const { user } = (await (
      await ask(port, 'POST', '/v1/apps/demo/users', { identifier: 'ada' }, authorization)
    ).json()) as { user: { id: string } }
    const opened = await ask(
      port,
      'POST',
      `/v1/apps/demo/users/${user.id}/sessions`,
      undefined,
      authorization,
    )
    const { auth_result } = (await opened.json()) as { auth_result: { refresh_token: string } }

    // Send half of a refresh now and the rest after the signal.
    const body = JSON.stringify({ refresh_token: auth_result.refresh_token })
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (chunk) => (answer += chunk.toString()))
    await new Promise((resolve) =>
      socket.write(
        `POST /v1/apps/demo/tokens HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 20)}`,
        resolve,
      ),
    )
    running.child.kill('SIGTERM')
    await waitForOutput(running, '"msg":"stopping"')
    expect((await ask(port, 'GET', '/readyz')).status).toBe(503)
    // New connections are refused while the open request continues.
    const refused = async () =>
      (await fetch(`http://localhost:${port}/livez`).catch(() => undefined)) === undefined
    while (!(await refused())) await new Promise((resolve) => setTimeout(resolve, 20))
    socket.write(body.slice(20))
    const { code } = await running.ended
    expect(answer).toMatch(/^HTTP\/1.1 201 /)
    expect(answer).toContain('"refresh_token":"rt1.')
    expect(code).toBe(0)
  })

  it('prints no secret', async () => {
    const port = await freePort()
    const running = await serve(port, [], { TOKENKEEP_METRICS_TOKEN: 'canary-of-sixteen' })
    expect((await ask(port, 'GET', '/metrics')).status).toBe(401)
    expect(
      (await ask(port, 'GET', '/metrics', undefined, { authorization: 'Bearer canary-of-sixteen' })).status,
    ).toBe(200)
    running.child.kill('SIGTERM')
    const { out, err } = await running.ended
    expect(out + err).not.toContain('canary')
  })
})
