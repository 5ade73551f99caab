// `pnpm docs`: the documentation site, with every example compiled and every link followed.
import { join } from 'node:path'
import { root, run } from './tool.mjs'

const cwd = join(root, 'apps', 'docs')
const env = { ASTRO_TELEMETRY_DISABLED: '1' }
const tool = (name, ...args) => run(join(cwd, 'node_modules', '.bin', name), args, { cwd, env })

const passed =
  (await run('node', ['examples.ts'], { cwd })) &&
  (await tool('vue-tsc', '-p', 'tsconfig.examples.json')) &&
  (await tool('typedoc')) &&
  (await tool('astro', 'build')) &&
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
