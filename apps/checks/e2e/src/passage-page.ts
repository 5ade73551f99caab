import { createServer } from 'node:http'
import { createBackend } from '@tokenkeep/backend'
import { bundle } from './bundle.ts'
import { SessionServer } from './session-server.ts'

const page = (script: boolean): string =>
  `<!doctype html><title>app</title><link rel="icon" href="data:,">${
    script ? '<script type="module" src="/app.js"></script>' : ''
  }`

/** An app written for Passage, with only its import changed. */
const script = `
  import axios from 'axios'
  import { PassageUser } from '@tokenkeep/passage'
  Object.assign(globalThis, { axios, PassageUser })
`

export interface PassagePage {
  close(): void
}

/** Serves the app at every path, without its script at `/before`, and an API that needs a token at `/api/me`. */
export async function servePassage(port: number, server: string): Promise<PassagePage> {
  const app = await bundle(script)
  const backend = createBackend({ url: server, appId: SessionServer.appId })
  const pages = createServer((request, response) => {
    if (request.url === '/app.js') response.setHeader('content-type', 'text/javascript').end(app)
    else if (request.url === '/api/me')
      backend.authenticate(request).then(
        ({ userId }) => response.end(JSON.stringify({ userId })),
        ({ status }: { status: number }) => response.writeHead(status).end(),
      )
    else response.setHeader('content-type', 'text/html').end(page(request.url !== '/before'))
  })
  await new Promise<void>((resolve) => pages.listen(port, 'localhost', resolve))
  return {
    close() {
      pages.close()
      pages.closeAllConnections()
    },
  }
}
