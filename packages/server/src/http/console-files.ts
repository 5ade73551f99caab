import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'

/** The folder of the built Console; undefined where `@tokenkeep/console` is not installed, or not built. */
export function findConsole(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('@tokenkeep/console/package.json')
    const folder = join(dirname(manifest), 'dist')
    return existsSync(folder) ? folder : undefined
  } catch {
    return undefined
  }
}

const nothing = ["'none'"]
const own = ["'self'"]

/** Serves the Console under `/console/`: no inline code, no foreign source, no string that becomes script. */
export function consoleRoutes(folder: string): Hono {
  const routes = new Hono()
  routes.use(
    '/console/*',
    secureHeaders({
      xFrameOptions: 'DENY',
      contentSecurityPolicy: {
        defaultSrc: nothing,
        scriptSrc: own,
        styleSrc: own,
        imgSrc: ["'self'", 'data:'],
        fontSrc: own,
        connectSrc: own,
        baseUri: nothing,
        formAction: nothing,
        frameAncestors: nothing,
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: nothing,
      },
    }),
  )
  routes.use('/console/*', async (c, next) => {
    await next()
    // Vite puts what carries its content's hash in its name into assets/, and nothing else.
    const forGood = c.res.ok && c.req.path.startsWith('/console/assets/')
    c.header('cache-control', forGood ? 'public, max-age=31536000, immutable' : 'no-cache')
  })
  routes.get(
    '/console/*',
    serveStatic({ root: folder, rewriteRequestPath: (path) => path.replace('/console', '') }),
  )
  // Whatever else is no file is a page of the Console's own router.
  const page = serveStatic({ root: folder, path: 'index.html' })
  routes.get('/console/*', (c, next) => (extname(c.req.path) ? next() : page(c, next)))
  return routes
}
