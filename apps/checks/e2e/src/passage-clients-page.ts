import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { passageAddress } from '@tokenkeep/passage-clients/address'
import * as vite from 'vite'

/** The folder whose manifest names Passage's clients, each with its version. */
const clients = fileURLToPath(new URL('../../passage-clients', import.meta.url))

/** Bundles a script of an app with Passage's clients. `server`: the address of the session server. */
async function bundle(code: string, server: string): Promise<string> {
  const built = await vite.build({
    configFile: false,
    root: clients,
    logLevel: 'silent',
    plugins: [
      passageAddress(server),
      {
        name: 'app',
        resolveId: (id) => (id === 'app' ? `${clients}/app.js` : undefined),
        load: (id) => (id === `${clients}/app.js` ? code : undefined),
      },
    ],
    build: { write: false, minify: false, modulePreload: false, rollupOptions: { input: 'app' } },
  })
  const { output } = built as { output: { type: string; code: string }[] }
  return output.find(({ type }) => type === 'chunk')!.code
}

export interface ClientsPage {
  close(): void
}

/** Serves pages of an app at every path. `scripts`: the code of the page at each path, such as `/auth`. */
export async function servePassageClients(
  port: number,
  server: string,
  scripts: Readonly<Record<string, string>>,
): Promise<ClientsPage> {
  const bundles = new Map<string, Promise<string>>()
  const scriptOf = (path: string): Promise<string> => {
    const known = bundles.get(path) ?? bundle(scripts[path] ?? '', server)
    bundles.set(path, known)
    return known
  }
  const pages = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://page')
    if (pathname.endsWith('.js'))
      scriptOf(pathname.slice(0, -3)).then(
        (script) => response.setHeader('content-type', 'text/javascript').end(script),
        (error: unknown) => response.writeHead(500).end(String(error)),
      )
    else
      response
        .setHeader('content-type', 'text/html')
        .end(
          `<!doctype html><title>app</title><link rel="icon" href="data:,"><main></main><script type="module" src="${pathname}.js"></script>`,
        )
  })
  await new Promise<void>((resolve) => pages.listen(port, 'localhost', resolve))
  return {
    close() {
      pages.close()
      pages.closeAllConnections()
    },
  }
}
