// `pnpm docs`: builds the documentation site and checks every link.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from '../lib/tool.mjs'

const cwd = join(root, 'apps', 'docs')
const env = { ASTRO_TELEMETRY_DISABLED: '1' }
const tool = (name, ...args) => run(join(cwd, 'node_modules', '.bin', name), args, { cwd, env })

/** Checks that llms.txt names every page. */
const everyPageNamed = () => {
  const named = readFileSync(join(cwd, 'dist', 'llms.txt'), 'utf8')
  const pages = globSync('dist/**/index.html', { cwd }).map((file) =>
    file.slice('dist'.length, -'index.html'.length),
  )
  const missing = pages.filter((path) => !named.includes(`(https://tokenkeep.dev${path})`))
  for (const path of missing) console.error(`llms.txt lacks ${path}`)
  return missing.length === 0
}

const passed =
  (await tool('typedoc')) &&
  (await tool('astro', 'build')) &&
  everyPageNamed() &&
  (await tool(
    'linkinator',
    'dist',
    '--recurse',
    '--check-fragments',
    '--skip',
    'https://',
    '--verbosity',
    'error',
  ))
process.exitCode = passed ? 0 : 1
