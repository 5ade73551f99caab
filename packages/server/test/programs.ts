import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Finds a program of the system. Debian keeps those of its servers in a folder that is not in everybody's PATH. */
const find = (program: string): string | undefined =>
  [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path))

/**
 * Finds a program that the tests run for real. Installs its Debian package if it is missing and this process can install
 * packages. Otherwise it throws: a test that is skipped proves nothing.
 */
export async function findProgram(program: string, debianPackage: string): Promise<string> {
  if (!find(program) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    await run('apt-get', ['update'])
    await run('apt-get', ['install', '-y', '--no-install-recommends', debianPackage])
  }
  const found = find(program)
  if (!found) throw new Error(`${program} is missing: apt-get install ${debianPackage}`)
  return found
}
