import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { expectTypeOf } from 'vitest'
import { type Auth, createBackend } from '../index.ts'
import { withAuth } from './next.ts'
import { earlier, frameworkContract } from '../../test/framework-contract.ts'

const here = dirname(fileURLToPath(import.meta.url))
const next = createRequire(import.meta.url).resolve('next/dist/bin/next')

/** The routes, as in an app, except for the paths of the imports. */
const setUp = `
  import { createBackend } from '../../tokenkeep/index.js'
  import { withAuth } from '../../tokenkeep/next.js'
  const dpop = { url: (request) => request.url }
  const backend = createBackend({ url: process.env.ISSUER, appId: 'demo', cookie: 'auth', dpop })
`
const routes = {
  me: `${setUp} export const GET = withAuth(backend, (request, auth) => Response.json({ userId: auth.userId }))`,
  admin: `${setUp} export const POST = withAuth(backend, () => new Response(null, { status: 204 }), {
    allow: ({ userId }) => userId === 'grace',
  })`,
  broken: `${setUp} export const GET = withAuth(backend, () => new Response(), {
    allow: () => Promise.reject(new Error('database down')),
  })`,
}

/** Next sets these headers before the route handler runs. */
const headers = [
  { source: '/:path*', headers: Object.entries(earlier).map(([key, value]) => ({ key, value })) },
]

/** Builds the package as an app would install it, because Next cannot run the TypeScript sources. */
const install = (outDir: string) =>
  build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source'] },
    build: {
      outDir,
      lib: { entry: [join(here, '..', 'index.ts'), join(here, 'next.ts')], formats: ['es'] },
    },
  })

frameworkContract('next', async (_backend, issuer) => {
  const folder = await mkdtemp(join(here, '..', '..', '.next-test-'))
  await install(join(folder, 'tokenkeep'))
  await writeFile(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  for (const [name, code] of Object.entries(routes)) {
    await mkdir(join(folder, 'app', name), { recursive: true })
    await writeFile(join(folder, 'app', name, 'route.js'), code)
  }
  await writeFile(
    join(folder, 'next.config.js'),
    `export default { headers: async () => ${JSON.stringify(headers)} }`,
  )
  const child = spawn(process.execPath, [next, 'dev', folder, '--port', '0'], {
    env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1', ISSUER: issuer },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Next exited with code ${code}`)))
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /http:\/\/localhost:\d+/.exec(line)
      if (found) resolve(found[0])
    })
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'exit')
      await rm(folder, { recursive: true, force: true })
    },
  }
})

// The types of the handler fit the route handlers of Next.
const backend = createBackend({ url: 'https://auth.example.com', appId: 'demo' })
const GET = withAuth(backend, (request: Request, auth, context: { params: Promise<{ id: string }> }) => {
  expectTypeOf(auth).toEqualTypeOf<Auth>()
  return Response.json({ context, url: request.url })
})
expectTypeOf(GET).parameters.toEqualTypeOf<[Request, { params: Promise<{ id: string }> }]>()
