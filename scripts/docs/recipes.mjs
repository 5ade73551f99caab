// Each code block of a recipe (```ts title="apps/…") is a copy of a file that runs. Checks that block and file are equal.
// `--write` copies the files into the blocks.
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/tool.mjs'

const write = process.argv.includes('--write')
const block = /^(```\w+ title="([^"]+)"\n)([\s\S]*?)^```$/gm

for (const file of globSync('docs/recipes/*.md', { cwd: root })) {
  const path = join(root, file)
  const text = readFileSync(path, 'utf8')
  const current = text.replaceAll(
    block,
    (_, fence, source) => `${fence}${readFileSync(join(root, source), 'utf8').trimEnd()}\n\`\`\``,
  )
  if (current === text) continue
  if (write) {
    writeFileSync(path, current)
    continue
  }
  console.error(`${file} differs from the files that it shows. Run: node scripts/docs/recipes.mjs --write`)
  process.exitCode = 1
}
