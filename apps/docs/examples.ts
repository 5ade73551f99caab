// Writes every TypeScript, TSX and Vue block of the docs into examples/, to be compiled: what a reader copies must fit.
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = fileURLToPath(new URL('examples', import.meta.url))

await rm(folder, { recursive: true, force: true })
await mkdir(folder)
let count = 0
for await (const file of glob(['README.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root })) {
  const text = await readFile(`${root}/${file}`, 'utf8')
  for (const { index, 1: language, 2: code } of text.matchAll(/^```(tsx?|vue)\n([\s\S]*?)^```/gm)) {
    const line = text.slice(0, index).split('\n').length
    const name = `${file.replace(/\.md$/, '').replaceAll(/[^\w]+/g, '-')}-line-${line}.${language}`
    // Each block is a module of its own, whatever it imports.
    await writeFile(`${folder}/${name}`, language === 'vue' ? code! : `${code}\nexport {}\n`)
    count++
  }
}
console.log(`${count} examples`)
