import { afterAll, beforeAll, describe } from 'vitest'
import { sessionContract, type ContractOptions } from '../../../../../packages/ssr/test/contract/contract.ts'
import { subjects } from '../rig/subjects.ts'
import { cachedPages } from './cached-pages.ts'
import { serveApp, type ServedApp } from './served-app.ts'

// `pnpm contract`: the contract suite over HTTP, against the built app of each framework.

const differences: Readonly<Record<string, ContractOptions>> = {
  next: { opensTwice: true },
  'next-cached': { opensTwice: true },
  nuxt: { alwaysStores: true },
}

const chosen = process.env['APPS']?.split(' ').filter(Boolean) ?? Object.keys(subjects)

describe.each(chosen)('%s', (name) => {
  let app: ServedApp
  beforeAll(async () => {
    app = await serveApp(subjects[name]!)
  })
  afterAll(() => app.close())
  sessionContract(subjects[name]!.name, (options) => app.makeApp(options), differences[name])
  cachedPages(name, (options) => app.makeApp(options))
})
