import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { read } from '../lib/tool.mjs'

/** Packs the package in `cwd` as it would be published. Returns a list of its name and tarball, which is empty if it is private or not built. */
async function pack(cwd, destination) {
  const { name, private: unpublished } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  if (unpublished || !existsSync(join(cwd, 'dist'))) return []
  mkdirSync(destination, { recursive: true })
  await read('pnpm', ['pack', '--pack-destination', destination], { cwd })
  const file = readdirSync(destination).find((found) => found.endsWith('.tgz'))
  return [[name, join(destination, file)]]
}

/** Packs everything that a repository publishes, each package into its own folder. Returns names and tarballs. */
export async function packAll(repository, destination) {
  const packages = readdirSync(join(repository, 'packages')).map((name) => join('packages', name))
  // The server depends on the Console.
  const published = [...packages, join('apps', 'console')]
  const packed = published.map((path) => pack(join(repository, path), join(destination, basename(path))))
  return (await Promise.all(packed)).flat()
}
