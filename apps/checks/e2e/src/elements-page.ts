import { createServer } from 'node:http'
import { bundleFiles } from './bundle.ts'
import { SessionServer } from './session-server.ts'

/** The strictest policy: the Console's, plus connections to the session server. */
const policy = (server: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `connect-src ${server}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')

const page = `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>elements</title><link rel="icon" href="data:,"><main></main><script type="module" src="/app.js"></script>`

/**
 * The page's script. It shows the element that the address names. If the query is `?late`, the element has no app id.
 * The page's own manager reads the session from the shared storage.
 */
const script = (server: string): string => `
  import { createTokenManager, sessionServer } from '@tokenkeep/core'
  import { german } from '@tokenkeep/elements/define'
  // The accessibility check takes a page without a background for a white one.
  document.documentElement.style.background = 'Canvas'
  const refused = []
  document.addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective))
  const auth = createTokenManager({ transport: sessionServer({ url: '${server}', appId: '${SessionServer.appId}' }) })
  const element = document.createElement(location.pathname.slice(1))
  element.setAttribute('server', '${server}')
  if (location.search !== '?late') element.setAttribute('app-id', '${SessionServer.appId}')
  const ceremonies = []
  // While prompts are held, they stay open: the virtual authenticator would confirm at once. The page's signal still ends them.
  const prompts = { held: location.search === '?held', release() {} }
  const open = (signal) => prompts.held && new Promise((resolve, reject) => {
    prompts.release = resolve
    signal.addEventListener('abort', () => reject(signal.reason))
  })
  for (const method of ['get', 'create']) {
    const ask = navigator.credentials?.[method].bind(navigator.credentials)
    if (ask) navigator.credentials[method] = async (options) => {
      const kind = method === 'create' ? 'create' : options.mediation ? 'offer' : 'prompt'
      ceremonies.push(kind)
      try {
        await open(options.signal)
        return await ask(options)
      } finally {
        ceremonies.push('end of ' + kind)
      }
    }
  }
  const heard = []
  for (const type of ['success', 'signed-in', 'failure'])
    element.addEventListener(type, (event) => heard.push(type + (event.detail?.code ? ':' + event.detail.code : '')))
  document.querySelector('main').append(element)
  Object.assign(globalThis, { auth, element, heard, refused, german, ceremonies, prompts })
`

export interface ElementsPage {
  close(): void
}

/** Serves `/tokenkeep-auth`, `/tokenkeep-login` and `/tokenkeep-register`. */
export const serveElements = (port: number, server: string): Promise<ElementsPage> =>
  servePage(port, server, script(server))

/** Serves an empty page with a script at any path, under the strictest policy. */
export async function servePage(port: number, server: string, code: string): Promise<ElementsPage> {
  const files = await bundleFiles(code)
  const pages = createServer((request, response) => {
    const file = files.get(request.url!)
    if (file) response.setHeader('content-type', 'text/javascript').end(file)
    else
      response
        .setHeader('content-type', 'text/html')
        .setHeader('content-security-policy', policy(server))
        .end(page)
  })
  await new Promise<void>((resolve) => pages.listen(port, 'localhost', resolve))
  return {
    close() {
      pages.close()
      pages.closeAllConnections()
    },
  }
}
