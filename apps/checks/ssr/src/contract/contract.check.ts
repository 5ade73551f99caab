import { afterAll, beforeAll, describe } from 'vitest'
import { sessionContract, type ContractOptions } from '../../../../../packages/ssr/test/contract/contract.ts'
import { subjects } from '../rig/subjects.ts'
import { cachedPages } from './cached-pages.ts'
import { navigations } from './navigations.ts'
import { serveApp, type ServedApp } from './served-app.ts'

// `pnpm contract`: the contract suite over HTTP, against the built app of each framework.

const differences: Readonly<Record<string, ContractOptions>> = {
  next: { opensTwice: true },
  'next-cached': { opensTwice: true },
  nuxt: { alwaysStores: true },
  'react-router': { alwaysStores: true, keepsOldCookies: true },
  astro: { alwaysStores: true, keepsOldCookies: true, checksOrigin: true },
  'tanstack-start': { alwaysStores: true, keepsOldCookies: true },
  sveltekit: { alwaysStores: true, keepsOldCookies: true, checksOrigin: true },
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
  navigations(name, (options) => app.makeApp(options))
})
