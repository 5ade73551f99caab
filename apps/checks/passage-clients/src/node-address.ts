import { registerHooks } from 'node:module'
import { isOfPassage, withAddress } from './address.ts'

// passage-node is CommonJS, whose parts Node loads without Vite.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context)
    if (!isOfPassage(url) || loaded.source === undefined || loaded.source === null) return loaded
    const code =
      typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
    return { ...loaded, source: withAddress(code, process.env['PASSAGE_SERVER']!) }
  },
})
