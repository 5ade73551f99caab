import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { read } from './tool.mjs'

/** Packs the package in `cwd` as it would be published: its name and tarball, or nothing where it is not published. */
export async function pack(cwd, destination) {
  const { name, private: unpublished } = JSON.parse(readFileSync(join(cwd, 'package.json'), 'utf8'))
  if (unpublished || !existsSync(join(cwd, 'dist'))) return []
  mkdirSync(destination, { recursive: true })
  await read('pnpm', ['pack', '--pack-destination', destination], { cwd })
  return [
    [
      name,
      join(
        destination,
        readdirSync(destination).find((file) => file.endsWith('.tgz')),
      ),
    ],
  ]
}
