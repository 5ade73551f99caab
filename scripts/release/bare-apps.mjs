// The apps that packed.mjs builds from the tarballs: the smallest app of each framework, which shows the auth state, and a
// program without a framework.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../lib/tool.mjs'

/** Returns dependencies in the versions that are installed in a workspace package. */
const asIn = (folder, ...names) =>
  Object.fromEntries(
    names.map((name) => {
      const manifest = join(root, folder, 'node_modules', name, 'package.json')
      return [name, JSON.parse(readFileSync(manifest, 'utf8')).version]
    }),
  )

const manager = `createTokenManager({ transport: sessionServer({ url: location.origin, appId: 'demo' }) })`
const html = '<!doctype html><div id="app"></div><script type="module" src="/main.js"></script>'

export const bareApps = [
  {
    name: 'react',
    build: 'vite',
    manifest: {
      dependencies: { '@tokenkeep/react': '*', ...asIn('apps/samples/react', 'react', 'react-dom', 'vite') },
    },
    files: {
      'index.html': html,
      'main.js': `import { createElement } from 'react'
        import { createRoot } from 'react-dom/client'
        import { AuthTokenProvider, createTokenManager, sessionServer, useAuthToken } from '@tokenkeep/react'
        const Status = () => 'state: ' + useAuthToken((state) => state.status)
        createRoot(document.querySelector('#app')).render(
          createElement(AuthTokenProvider, { manager: ${manager} }, createElement(Status)),
        )`,
    },
  },
  {
    name: 'vue',
    build: 'vite',
    manifest: { dependencies: { '@tokenkeep/vue': '*', ...asIn('apps/samples/vue', 'vue', 'vite') } },
    files: {
      'index.html': html,
      'main.js': `import { createApp } from 'vue'
        import { createAuthToken, createTokenManager, sessionServer, useAuthToken } from '@tokenkeep/vue'
        const Status = {
          setup() {
            const status = useAuthToken((state) => state.status)
            return () => 'state: ' + status.value
          },
        }
        createApp(Status).use(createAuthToken({ manager: ${manager} })).mount('#app')`,
    },
  },
  {
    name: 'angular',
    build: 'ng',
    manifest: {
      dependencies: {
        '@tokenkeep/angular': '*',
        ...asIn(
          'apps/samples/angular',
          ...['common', 'compiler', 'core', 'platform-browser', 'router'].map((name) => `@angular/${name}`),
          ...['build', 'cli', 'compiler-cli'].map((name) => `@angular/${name}`),
          'rxjs',
          'typescript',
        ),
      },
    },
    files: {
      'angular.json': JSON.stringify({
        version: 1,
        cli: { analytics: false, cache: { enabled: false } },
        projects: {
          bare: {
            root: '',
            projectType: 'application',
            architect: {
              build: {
                builder: '@angular/build:application',
                options: {
                  browser: 'main.ts',
                  index: 'index.html',
                  tsConfig: 'tsconfig.json',
                  outputPath: { base: 'dist', browser: '' },
                },
              },
            },
          },
        },
      }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          strict: true,
          target: 'es2022',
          module: 'preserve',
          moduleResolution: 'bundler',
          lib: ['es2023', 'dom'],
          types: [],
        },
        files: ['main.ts'],
      }),
      'index.html': '<!doctype html><base href="/"><bare-app></bare-app>',
      'main.ts': `import { provideHttpClient, withInterceptors } from '@angular/common/http'
        import { Component } from '@angular/core'
        import { bootstrapApplication } from '@angular/platform-browser'
        import {
          authTokenInterceptor, createTokenManager, injectAuthToken, provideAuthToken, sessionServer,
        } from '@tokenkeep/angular'
        @Component({ selector: 'bare-app', template: 'state: {{ status() }}' })
        class App {
          readonly status = injectAuthToken((state) => state.status)
        }
        bootstrapApplication(App, {
          providers: [
            provideAuthToken({ manager: ${manager} }),
            provideHttpClient(withInterceptors([authTokenInterceptor])),
          ],
        })`,
    },
  },
]

/**
 * A program without DOM and Node types. It shows that every entry of the core, with its declarations, compiles without
 * these types. Only the entry for axios needs DOM types.
 */
export const bareProgram = {
  name: 'program',
  manifest: { dependencies: { '@tokenkeep/core': '*', ...asIn('packages/core', 'typescript') } },
  files: {
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        exactOptionalPropertyTypes: true,
        target: 'es2022',
        module: 'nodenext',
        lib: ['es2022'],
        types: [],
        skipLibCheck: false,
        noEmit: true,
      },
      files: ['main.ts'],
    }),
    'main.ts': `import { createAuthFetch, createTokenManager, functionTransport, memoryStore, oauth, sessionServer } from '@tokenkeep/core'
      import type { Environment, TokenManager } from '@tokenkeep/core'
      import { needsRefresh } from '@tokenkeep/core/cross-tab'
      import { portableEnvironment } from '@tokenkeep/core/portable'

      export const open = (environment: Environment): TokenManager<never> =>
        createTokenManager({
          environment,
          storage: memoryStore(),
          transport: functionTransport({
            key: 'program',
            refresh: async ({ signal }) => (signal.aborted ? undefined : { authToken: 'a', expiresIn: 60 }),
          }),
        })
      export const statusOf = async (auth: TokenManager, url: string): Promise<number> =>
        (await createAuthFetch(auth, { origins: [url] })(url, { headers: { accept: '*/*' } })).status
      export const transports = [oauth, sessionServer]
      export { portableEnvironment, needsRefresh }`,
  },
}
