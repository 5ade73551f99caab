import { Miniflare } from 'miniflare'
import { bundle } from '../bundle.ts'
import type { Report } from '../walk.ts'
import type { Input } from './programs.ts'

/** Runs the walk in a Cloudflare Worker. */
export async function runWorker(input: Input): Promise<Report> {
  const code = await bundle(
    `import { createTokenManager, memoryStore, sessionServer } from '@tokenkeep/core'
    import { portableEnvironment } from '@tokenkeep/core/portable'
    const { url, api, issued } = ${JSON.stringify(input)}
    export default {
      async fetch() {
        const storage = memoryStore()
        const create = () => createTokenManager({
          transport: sessionServer({ url, appId: 'demo' }), storage, environment: portableEnvironment,
        })
        return Response.json(await walk({ create, url, api, issued, isKept: true }))
      },
    }`,
    ['workerd', 'worker'],
  )
  const workers = new Miniflare({ modules: true, script: code, compatibilityDate: '2026-07-01' })
  try {
    const response = await workers.dispatchFetch('http://worker.example/')
    return (await response.json()) as Report
  } finally {
    await workers.dispose()
  }
}
