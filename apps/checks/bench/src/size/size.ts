import { brotliCompressSync, constants } from 'node:zlib'
import { bundle } from '../frame/bundle.ts'
import { failed } from '../frame/failed.ts'
import { versionOf } from '../frame/machine.ts'
import type { Bench, Row } from '../frame/report.ts'
import { adapters, ours, peers } from './imports.ts'

const frameworks = [/^(react|react-dom|vue|rxjs|@angular)(\/|$)/]

const brotli = (code: string): number =>
  brotliCompressSync(code, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length

/** Returns the size of all scripts of a build, with the lazily loaded ones. Bytes. */
async function measure(code: string): Promise<{ raw: number; brotli: number }> {
  const scripts = [...(await bundle(code, frameworks))].flatMap(([file, text]) =>
    file.endsWith('.js') ? [text] : [],
  )
  return {
    raw: scripts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    brotli: scripts.reduce((sum, text) => sum + brotli(text), 0),
  }
}

export const bench: Bench = {
  title: 'Size',
  method: `The table shows the smallest useful import of each package: a client that keeps a session and returns its token, created as its own documentation creates it
(\`src/size/imports.ts\`). All are bundled in the same way: Vite, production, ES2022, minified, tree-shaken. The size is that of all scripts, compressed with brotli at quality 11; lazily loaded scripts count as well.
The size of an adapter includes the core and excludes the framework.`,
  async run(tell) {
    const sizes: (Row & { readonly brotli: number })[] = []
    const broken: Row[] = []
    for (const { name, package: from, code } of [...ours, ...adapters, ...peers]) {
      tell(name)
      const row = { name, version: versionOf(from) }
      await measure(code).then(
        (size) => sizes.push({ ...row, ...size }),
        (error) => broken.push({ ...row, brotli: failed(error) }),
      )
    }
    sizes.sort((a, b) => a.brotli - b.brotli)
    const own = sizes.find(({ name }) => name === 'Tokenkeep')!.brotli
    return {
      versions: { Vite: versionOf('vite') },
      tables: [
        {
          title: 'Brotli bytes of the smallest useful import',
          columns: [
            { key: 'name', title: 'package' },
            { key: 'version', title: 'version' },
            { key: 'raw', title: 'minified' },
            { key: 'brotli', title: 'brotli' },
            { key: 'ratio', title: '× Tokenkeep', digits: 1 },
          ],
          rows: [...sizes.map((size) => ({ ...size, ratio: size.brotli / own })), ...broken],
          chart: { column: 'brotli', label: 'bytes, brotli' },
        },
      ],
    }
  },
}
