// `pnpm packed`: checks every package as it would be published. Packs them, and checks the tarballs with publint and attw.
// Installs the adapters from their tarballs into small apps outside the workspace, builds these, and opens them in
// Chromium. Compiles a program without DOM types against the core.
import { createRequire } from 'node:module'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { preview } from 'vite'
import { bareApps, bareProgram } from './bare-apps.mjs'
import { findChromium } from '../lib/browser.mjs'
import { packAll } from './pack.mjs'
import { read, root } from '../lib/tool.mjs'

const { chromium } = createRequire(join(root, 'apps', 'checks', 'e2e', 'package.json'))('@playwright/test')

const folder = mkdtempSync(join(tmpdir(), 'tokenkeep-packed-'))

/** The fields and files that the registry's page of a package shows. */
const fields = ['description', 'keywords', 'homepage', 'bugs', 'license', 'repository']
const texts = ['README.md', 'LICENSE']

/** Checks a tarball. Throws an error that says what is wrong. */
const judge = async ([name, tarball]) => {
  const manifest = JSON.parse(await read('tar', ['-xzOf', tarball, 'package/package.json']))
  const files = (await read('tar', ['-tzf', tarball])).split('\n')
  const missing = [
    ...fields.filter((field) => !manifest[field]),
    ...texts.filter((text) => !files.includes(`package/${text}`)),
  ]
  if (missing.length > 0) throw new Error(`${name} lacks ${missing.join(', ')}`)
  const text = await read('publint', ['run', tarball, '--strict'])
  if (!text.includes('All good')) throw new Error(`publint, ${name}:\n${text}`)
  await read('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'])
  console.log(`${name}: publint and attw report nothing`)
}

const write = (app, files) => {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(app, file)), { recursive: true })
    writeFileSync(join(app, file), text)
  }
}

/** Creates an app outside the workspace that has our packages from their tarballs. Returns its folder. */
const install = async ({ name, manifest, files }, tarballs) => {
  const app = join(folder, name)
  const overrides = tarballs.map(([full, tarball]) => `  '${full}': file:${tarball}\n`).join('')
  write(app, {
    'package.json': JSON.stringify({ name: `bare-${name}`, private: true, type: 'module', ...manifest }),
    'pnpm-workspace.yaml': `allowBuilds: { '@parcel/watcher': false, esbuild: false, lmdb: false, msgpackr-extract: false }
pmOnFail: ignore
overrides:
${overrides}`,
    ...files,
  })
  await read('pnpm', ['install', '--prefer-offline'], { cwd: app })
  return app
}

const compile = async (program, tarballs) => {
  const cwd = await install(program, tarballs)
  await read(join(cwd, 'node_modules', '.bin', 'tsc'), ['--project', '.'], { cwd })
  console.log('@tokenkeep/core: the declarations compile without DOM types')
}

/** Installs, builds and opens one app. */
const tryOut = async (bareApp, tarballs, browser) => {
  const { name, build } = bareApp
  const app = await install(bareApp, tarballs)
  await read(join(app, 'node_modules', '.bin', build), ['build'], {
    cwd: app,
    env: { NG_CLI_ANALYTICS: 'false' },
  })
  const server = await preview({ root: app, configFile: false, logLevel: 'error', preview: { port: 0 } })
  const page = await browser.newPage()
  const faults = []
  page.on('pageerror', (error) => faults.push(error.message))
  await page.goto(server.resolvedUrls.local[0])
  await page.getByText('state: signed-out', { exact: true }).waitFor({ timeout: 60_000 })
  await server.close()
  if (faults.length > 0) throw new Error(`${name}: ${faults.join('\n')}`)
  console.log(`${name}: installed from its tarball, built, and opened in Chromium`)
}

try {
  const tarballs = await packAll(root, join(folder, 'tarballs'))
  await Promise.all(tarballs.map(judge))
  await compile(bareProgram, tarballs)
  const browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  await Promise.all(bareApps.map((app) => tryOut(app, tarballs, browser))).finally(() => browser.close())
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
