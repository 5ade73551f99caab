// `pnpm examples`: compiles every example of the documents and of the docstrings.
import { join } from 'node:path'
import { root, run } from '../lib/tool.mjs'

const cwd = join(root, 'apps', 'docs')
const vueTsc = join(cwd, 'node_modules', '.bin', 'vue-tsc')
const passed =
  (await run('node', ['checks/examples.ts'], { cwd })) &&
  (await run(vueTsc, ['-p', 'tsconfig.examples.json'], { cwd }))
process.exitCode = passed ? 0 : 1
