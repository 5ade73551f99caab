// Finds `./client` as `./client.ts` or `./client/index.ts`: generated code leaves the file extensions of its imports to
// a bundler.
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith('.') || /\.\w+$/.test(specifier.replace(/\.gen$/, '')))
      return next(specifier, context)
    const ends = ['.ts', '/index.ts']
    const end = ends.find((each) => existsSync(fileURLToPath(new URL(specifier + each, context.parentURL))))
    return next(specifier + (end ?? ''), context)
  },
})
