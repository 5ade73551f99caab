import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { findProgram } from '../../server/test/programs.ts'

/** A Redis server with default settings, reached through a socket in a temporary folder. */
export interface RedisServer {
  /** The path of the socket. */
  readonly path: string
  /** Stops the server as if the machine were frozen, and lets it go on. */
  freeze(): void
  thaw(): void
  /** Ends the server at once. `start` starts it again, empty. */
  crash(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

export async function startRedis(): Promise<RedisServer> {
  const program = await findProgram('redis-server', 'redis-server')
  const folder = mkdtempSync(join(tmpdir(), 'tk-redis-'))
  const path = join(folder, 'socket')
  const args = ['--port', '0', '--unixsocket', path, '--dir', folder, '--save', '']
  let child: ChildProcess
  const signal = (name: NodeJS.Signals) => (): void => void child.kill(name)
  const kill = signal('SIGKILL')
  const server: RedisServer = {
    path,
    freeze: signal('SIGSTOP'),
    thaw: signal('SIGCONT'),
    async crash() {
      const exited = once(child, 'exit')
      kill()
      await exited
      rmSync(path, { force: true })
    },
    async start() {
      child = spawn(program, args, { stdio: 'ignore' })
      while (child.exitCode === null && !existsSync(path)) await setTimeout(30)
      if (child.exitCode !== null) throw new Error(`Redis ended with ${child.exitCode}`)
    },
    async stop() {
      await server.crash()
      process.off('exit', kill)
      rmSync(folder, { recursive: true, force: true })
    },
  }
  process.once('exit', kill)
  await server.start()
  return server
}
