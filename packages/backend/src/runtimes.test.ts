import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type * as Entry from './index.ts'
import { TestIssuer } from '../test/issuer.ts'

let issuer: TestIssuer
beforeAll(async () => {
  issuer = await TestIssuer.start()
})
afterAll(() => issuer.stop())

/** The globals of every runtime with web standards only (Minimum Common Web API), as far as an SDK may need them. */
const standard = [
  'AbortController AbortSignal Blob CompressionStream Crypto CryptoKey DOMException Event EventTarget FormData',
  'Headers ReadableStream Request Response SubtleCrypto TextDecoder TextEncoder TransformStream URL',
  'URLSearchParams atob btoa clearInterval clearTimeout console crypto fetch performance queueMicrotask',
  'setInterval setTimeout structuredClone',
].flatMap((line) => line.split(' '))

/** Bundles the main entry and runs it with these globals only. The globals of Node are hidden. */
async function load(): Promise<typeof Entry> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'worker'] },
    build: {
      write: false,
      minify: false,
      lib: {
        entry: fileURLToPath(new URL('index.ts', import.meta.url)),
        formats: ['iife'],
        name: 'tokenkeep',
      },
    },
  })) as unknown as [{ output: [{ code: string; imports: string[] }] }]
  const [{ code, imports }] = built[0].output
  expect(imports).toEqual([])
  const language = new Set(runInNewContext('Object.getOwnPropertyNames(globalThis)') as string[])
  const hidden = Object.getOwnPropertyNames(globalThis).filter(
    (name) => !language.has(name) && !standard.includes(name) && /^\w+$/.test(name),
  )
  expect(hidden).toEqual(expect.arrayContaining(['process', 'Buffer', 'global', 'setImmediate']))
  const web = Object.fromEntries(standard.map((name) => [name, globalThis[name as 'fetch']]))
  // oxlint-disable-next-line no-new-func -- The code needs a scope of its own.
  const run = new Function(...hidden, 'require', 'globalThis', `${code}; return tokenkeep`)
  return run(...hidden.map(() => undefined), undefined, web) as typeof Entry
}

it('runs in a runtime that has the web standards only', async () => {
  const { createBackend, isAuthError } = await load()
  const backend = createBackend({ url: issuer.url, appId: issuer.appId })
  const authorization = `Bearer ${await issuer.sign()}`
  const request = new Request('https://api.example.com/', { headers: { authorization } })
  await expect(backend.authenticate(request)).resolves.toMatchObject({ userId: 'ada' })
  const error = await backend.authenticate(new Request('https://api.example.com/')).catch((thrown) => thrown)
  expect(isAuthError(error) && error.toResponse().headers.get('www-authenticate')).toBe('Bearer')
})
