import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mainOfCommand } from '../../test/command.ts'
import { freePort } from '../../../../scripts/lib/free-port.ts'

let folder: string
let children: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tokenkeep-log-'))
  children = []
})
afterEach(() => {
  for (const child of children) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const sh = (script: string, ...args: string[]): ChildProcess => {
  const child = spawn('sh', ['-c', script, 'sh', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TOKENKEEP_METRICS_TOKEN: 'a-token-for-metrics' },
  })
  children.push(child)
  return child
}

/** Starts a server whose standard output is `target`, and waits until it answers. */
async function serveTo(
  target: string,
): Promise<{ child: ChildProcess; url: string; exited: Promise<unknown> }> {
  const port = await freePort()
  const command = `exec "$@" > ${target}`
  const args = ['serve', '--store', join(folder, 'data'), '--port', `${port}`, '--log-level', 'debug']
  const child = sh(command, process.execPath, '--conditions=source', mainOfCommand, ...args)
  const url = `http://localhost:${port}`
  const exited = once(child, 'exit')
  while (!(await fetch(`${url}/livez`).catch(() => undefined))?.ok)
    await new Promise((resolve) => setTimeout(resolve, 30))
  return { child, url, exited }
}

/** Causes more log lines than a pipe and the waiting lines together can hold. */
async function causeLines(url: string): Promise<void> {
  // The longest request id makes the longest line.
  const headers = { 'x-request-id': 'x'.repeat(100) }
  for (let i = 0; i < 45; i++)
    await Promise.all(
      Array.from({ length: 100 }, () => fetch(`${url}/v1/apps/unknown`, { headers }).then((r) => r.text())),
    )
}

describe('a log that cannot be written', () => {
  it('does not stop a server on a full disk, and is counted (case F3)', async () => {
    const { child, url, exited } = await serveTo('/dev/full')
    for (let i = 0; i < 5; i++) {
      expect((await fetch(`${url}/readyz`)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    const authorization = 'Bearer a-token-for-metrics'
    const metrics = await (await fetch(`${url}/metrics`, { headers: { authorization } })).text()
    expect(metrics).toMatch(/tokenkeep_log_lines_dropped_total [1-9]/)
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })

  it('does not stop a server if nobody reads the pipe, and the server ends when it is told to (case F3)', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    sh(`exec sleep 1000 < ${pipe}`)
    const { child, url, exited } = await serveTo(pipe)
    await causeLines(url)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    child.kill('SIGTERM')
    await exited
  })

  it('loses no line on an output that works (case F3)', async () => {
    const file = join(folder, 'log')
    const { child, url, exited } = await serveTo(file)
    for (let i = 0; i < 300; i++) await fetch(`${url}/livez`)
    child.kill('SIGTERM')
    await exited
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { route?: string; msg: string })
    expect(lines.filter(({ route }) => route === '/livez').length).toBeGreaterThanOrEqual(300)
    expect(lines.at(-1)!.msg).toBe('stopped')
  })
})
