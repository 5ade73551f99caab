// Writes the TypeScript, TSX and Vue blocks of the documents, and the `@example` blocks of the docstrings, into examples/.
// The compiler then checks all of them: what a reader copies must compile.
// Fails if an exported function, class or constant has no `@example`.
import { glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { entries, exportsOf, isOf, root, type Export } from './exports.ts'

const folder = fileURLToPath(new URL('../examples', import.meta.url))
await rm(folder, { recursive: true, force: true })
await mkdir(folder)

/** Writes each block of a text into a file that is named after the block's file and line. Returns the number of blocks. */
async function writeBlocks(file: string, text: string, block: RegExp): Promise<number> {
  let count = 0
  for (const { index, 1: language, 2: code } of text.matchAll(block)) {
    const line = text.slice(0, index).split('\n').length
    const name = `${file.replace(/\.(md|tsx?)$/, '').replaceAll(/[^\w]+/g, '-')}-line-${line}.${language}`
    // `export {}` turns a block that imports nothing into a module.
    await writeFile(`${folder}/${name}`, language === 'vue' ? code! : `${code}\nexport {}\n`)
    count++
  }
  return count
}

let inDocuments = 0
for await (const file of glob(['README.md', 'docs/**/*.md', 'packages/*/README.md'], { cwd: root }))
  inDocuments += await writeBlocks(
    file,
    await readFile(`${root}${file}`, 'utf8'),
    /^```(tsx?|vue)\n([\s\S]*?)^```/gm,
  )

let inDocstrings = 0
const sources = glob('packages/*/src/**/*.{ts,tsx}', { cwd: root, exclude: (path) => /\.test\./.test(path) })
for await (const file of sources) {
  // Removes the star before each line. The line numbers stay the same.
  const text = (await readFile(`${root}${file}`, 'utf8')).replaceAll(/^ *\* ?/gm, '')
  const written = await writeBlocks(file, text, /@example[^\n]*\n```(tsx?|vue)\n([\s\S]*?)^```/gm)
  const tagged = [...text.matchAll(/^@example\b/gm)].length
  if (written < tagged) {
    console.error(`${file}: ${tagged - written} @example tags have no block that begins with \`\`\`ts`)
    process.exitCode = 1
  }
  inDocstrings += written
}
console.log(`examples: ${inDocuments} in documents, ${inDocstrings} in docstrings`)

const isCode = ({ symbol }: Export): boolean =>
  (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) !== 0
const hasExample = ({ declarations }: Export): boolean =>
  declarations.some((each) =>
    ts.getJSDocCommentsAndTags(each).some((comment) => comment.getFullText().includes('@example')),
  )

/** Exports that are already listed: an entry may re-export what another entry of its package exports. */
const seen = new Set<ts.Symbol>()
for (const entry of entries) {
  const missing = exportsOf(entry)
    .filter((each) => isOf(entry, each) && isCode(each) && !hasExample(each) && !seen.has(each.symbol))
    .map(({ name, symbol }) => (seen.add(symbol), name))
  if (missing.length === 0) continue
  console.error(`${entry.specifier}: these exports have no @example: ${missing.join(', ')}`)
  process.exitCode = 1
}
