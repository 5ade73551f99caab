import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'

/**
 * Finds the folder of the built Console, for the option `console` of `createSessionServer`. Returns undefined if
 * `@tokenkeep/console` is not installed or not built.
 *
 * @example
 * ```ts
 * import { createSessionServer, deriveKeys, findConsole, openStore, readMasterKey } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * const keys = deriveKeys(readMasterKey('./data'))
 * export const server = createSessionServer({ store, keys, baseUrl: 'http://localhost:4000', console: findConsole() })
 * ```
 */
export function findConsole(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('@tokenkeep/console/package.json')
    const folder = join(dirname(manifest), 'dist')
    return existsSync(folder) ? folder : undefined
  } catch {
    return undefined
  }
}

const NONE = ["'none'"]
const SELF = ["'self'"]

/** Serves the Console under `/console/` below `basePath`, with a policy that forbids inline code, other origins and strings as scripts. */
export function consoleRoutes(folder: string, basePath = ''): Hono {
  const routes = new Hono()
  routes.use(
    '/console/*',
    secureHeaders({
      xFrameOptions: 'DENY',
      contentSecurityPolicy: {
        defaultSrc: NONE,
        scriptSrc: SELF,
        styleSrc: SELF,
        imgSrc: ["'self'", 'data:'],
        fontSrc: SELF,
        connectSrc: SELF,
        baseUri: NONE,
        formAction: NONE,
        frameAncestors: NONE,
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: NONE,
      },
    }),
  )
  routes.use('/console/*', async (c, next) => {
    await next()
    // Vite puts the files with a content hash in their name, and only those, into assets/.
    const isImmutable = c.res.ok && c.req.path.startsWith('/console/assets/')
    c.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  // A path without a file extension is a page of the Console's own router.
  // Its links are relative to its folder. The page is served at many paths, so they become absolute.
  const page = readFileSync(join(folder, 'index.html'), 'utf8').replaceAll('="./', `="${basePath}/console/`)
  routes.get('/console/*', (c, next) => (extname(c.req.path) ? next() : c.html(page)))
  routes.get(
    '/console/*',
    serveStatic({ root: folder, rewriteRequestPath: (path) => path.replace('/console', '') }),
  )
  return routes
}
