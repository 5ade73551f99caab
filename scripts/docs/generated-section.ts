import { readFileSync, writeFileSync } from 'node:fs'

/**
 * Writes generated text between the markers `<!-- name -->` and `<!-- /name -->` of each document. With `--check` it fails
 * if that would change a document, and tells the reader to run `command`.
 */
export function writeSection(
  name: string,
  documents: readonly string[],
  text: string,
  command: string,
): void {
  const markers = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`)
  for (const path of documents) {
    const before = readFileSync(path, 'utf8')
    if (!markers.test(before))
      throw new Error(`${path} has no markers <!-- ${name} --> and <!-- /${name} -->`)
    const after = before.replace(markers, (_, open: string, close: string) => open + text + close)
    if (after === before) continue
    if (!process.argv.includes('--check')) writeFileSync(path, after)
    else {
      console.error(`${path}: the section ${name} is out of date. Run: ${command}`)
      process.exitCode = 1
    }
  }
}
