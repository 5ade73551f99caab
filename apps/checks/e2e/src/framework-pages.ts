import { createServer } from 'node:http'
import { bundle } from './bundle.ts'
import { SessionServer } from './session-server.ts'

/** What each page passes to the element as properties. `calls` tells what the element has called. */
const properties = `
  import '@tokenkeep/elements/define'
  const calls = (globalThis.calls = [])
  const manager = { get: () => ({}), subscribe: () => () => {}, signIn: async () => void calls.push('manager') }
  const beforeAuth = (identifier) => void calls.push('beforeAuth ' + identifier)
  const storeSession = (result) => void calls.push('storeSession ' + Object.keys(result).includes('refresh_token'))
  const withManager = location.search === '?manager'
`

/** One app for each framework, which renders the element as its guide says. */
const apps = (server: string): Readonly<Record<string, string>> => {
  const attributes = `server="${server}" app-id="${SessionServer.appId}"`
  return {
    react: `${properties}
      import { createElement, StrictMode } from 'react'
      import { createRoot } from 'react-dom/client'
      const own = withManager ? { manager } : { storeSession }
      const props = { server: '${server}', 'app-id': '${SessionServer.appId}', beforeAuth, ...own }
      const element = createElement('tokenkeep-register', props)
      createRoot(document.querySelector('main')).render(createElement(StrictMode, null, element))`,
    vue: `${properties}
      import { createApp, h } from 'vue'
      const own = withManager ? { manager } : { storeSession }
      const props = { server: '${server}', 'app-id': '${SessionServer.appId}', beforeAuth, ...own }
      createApp({ render: () => h('tokenkeep-register', props) }).mount('main')`,
    angular: `
      import '@angular/compiler'
      import { Component, CUSTOM_ELEMENTS_SCHEMA, provideZonelessChangeDetection } from '@angular/core'
      import { bootstrapApplication } from '@angular/platform-browser'
      ${properties}
      const own = withManager ? '[manager]="manager"' : '[storeSession]="storeSession"'
      const App = Component({
        selector: 'main',
        schemas: [CUSTOM_ELEMENTS_SCHEMA],
        template: '<tokenkeep-register ${attributes} [beforeAuth]="beforeAuth" ' + own + '></tokenkeep-register>',
      })(class { manager = manager; beforeAuth = beforeAuth; storeSession = storeSession })
      void bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] })`,
  }
}

export interface FrameworkPages {
  close(): void
}

/** Serves `/react`, `/vue` and `/angular`. With the query `?manager`, the page passes a manager. */
export async function serveFrameworks(port: number, server: string): Promise<FrameworkPages> {
  const codes = apps(server)
  const pages = createServer(async (request, response) => {
    const { pathname } = new URL(request.url!, 'http://localhost')
    const [, name] = /^\/(\w+)\.js$/.exec(pathname) ?? []
    if (name) {
      // Bundles a script only when it is asked for: a run may need one framework only.
      const script = await bundle(codes[name]!)
      response.setHeader('content-type', 'text/javascript').end(script)
      return
    }
    response.setHeader('content-type', 'text/html')
    response.end(
      `<!doctype html><html lang="en"><title>frameworks</title><link rel="icon" href="data:,"><main></main><script type="module" src="${pathname}.js"></script>`,
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
