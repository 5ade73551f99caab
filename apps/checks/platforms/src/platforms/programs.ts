import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bundle } from '../bundle.ts'
import type { Report, Start } from '../walk.ts'

/** What each platform needs to know of the server. */
export type Input = Pick<Start, 'issued' | 'url' | 'api'>

/** Runs a bundled program from a file, and returns what it reports in its last line. */
export async function runProgram(command: string, args: readonly string[], code: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'tokenkeep-program-'))
  try {
    const file = join(folder, 'program.mjs')
    await writeFile(file, code)
    const { stdout } = await promisify(execFile)(command, [...args, file], { cwd: folder })
    return report(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

function report(printed: string): Report {
  try {
    return JSON.parse(printed.trim().split('\n').at(-1)!) as Report
  } catch (cause) {
    throw new Error(`The program printed no report: ${printed}`, { cause })
  }
}

/** A program with a session file. Node, Deno and Bun run it. */
export const programWithFile = (input: Input): Promise<string> =>
  bundle(
    `import { createTokenManager, sessionServer } from '@tokenkeep/core'
    import { sessionFile } from '@tokenkeep/core/node'
    const { url, api, issued } = ${JSON.stringify(input)}
    const create = () =>
      createTokenManager({ transport: sessionServer({ url, appId: 'demo' }), ...sessionFile('./folder/session') })
    console.log(JSON.stringify(await walk({ create, url, api, issued, isKept: true })))
    await new Promise((resolve) => setTimeout(resolve, 500))`,
    ['node'],
  )
