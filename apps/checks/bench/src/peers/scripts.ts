import { bundle } from '../frame/bundle.ts'
import { app } from '../frame/places.ts'
import type { Tell } from '../frame/report.ts'

const script = (name: string): string => `
  import { open } from '${app}/src/peers/${name}.ts'
  import { page } from '${app}/src/peers/page.ts'
  globalThis.bench = page(open)
`

/** Returns the scripts of peers, by the path at which an endpoint serves them. */
export async function peerScripts(names: readonly string[], tell: Tell): Promise<Map<string, string>> {
  const scripts = new Map<string, string>()
  for (const name of names) {
    tell(`bundling ${name}`)
    // A peer without a script fails in the pages that ask for it.
    const files = await bundle(script(name)).catch(() => new Map<string, string>())
    for (const [file, code] of files)
      scripts.set(file === 'entry.js' ? `/scripts/${name}.js` : `/scripts/${file}`, code)
  }
  return scripts
}
