import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Puts what is generated between a document's markers, `<!-- name -->` and `<!-- /name -->`; with `--check` it fails where
 * that would change anything. `command` is what writes it.
 */
export function between(name: string, documents: readonly string[], text: string, command: string): void {
  const markers = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`)
  for (const path of documents) {
    const before = readFileSync(path, 'utf8')
    if (!markers.test(before)) throw new Error(`${path} has no ${name} markers`)
    const after = before.replace(markers, (_, open: string, close: string) => open + text + close)
    if (after === before) continue
    if (!process.argv.includes('--check')) writeFileSync(path, after)
    else {
      console.error(`${path}: ${name} has drifted from what it shows. Run: ${command}`)
      process.exitCode = 1
    }
  }
}
