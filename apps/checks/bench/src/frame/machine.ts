import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { readFileSync } from 'node:fs'
import { app } from './places.ts'

const [cpu] = cpus()

export const machine = `${cpus().length} × ${cpu?.model.trim() ?? process.arch}, ${Math.round(totalmem() / 2 ** 30)} GB`

/** Returns the version of a package that is installed here. */
export function versionOf(name: string): string {
  const paths = createRequire(join(app, 'package.json')).resolve.paths(name)!
  for (const folder of paths) {
    try {
      const file = join(folder, name, 'package.json')
      return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
    } catch {
      // It is not in this folder.
    }
  }
  throw new Error(`${name} is not installed: looked from ${dirname(app)}`)
}
