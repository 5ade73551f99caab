import { fileURLToPath } from 'node:url'
import type { Subject } from './subject.ts'

const folderOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const next: Subject = {
  name: 'Next',
  folder: folderOf('next'),
  build: ['../node_modules/next/dist/bin/next', 'build'],
  serve: (port) => ['../node_modules/next/dist/bin/next', 'start', '-p', `${port}`],
  publicPath: '/cached',
  prefetch: { rsc: '1', 'next-router-prefetch': '1' },
}

/** Another library in the check app for peers. `isStrict`: the server accepts each refresh token once. */
const peer = (library: string, name: string, isStrict = false): Subject => ({
  ...next,
  name: isStrict ? `${name}, strict server` : name,
  folder: folderOf('peers'),
  env: { PEER: name, ...(isStrict && { STRICT: 'true' }) },
  compared: { library, usedToken: isStrict ? 'refuses it' : 'accepts it for 10 seconds' },
})

/** The apps that the rig tries, by name. */
export const subjects: Readonly<Record<string, Subject>> = {
  next: { ...next, compared: { library: '@tokenkeep/ssr', usedToken: 'accepts a retry that names itself' } },
  'next-cached': { ...next, name: 'Next with Cache Components', env: { CACHE_COMPONENTS: 'true' } },
  nuxt: {
    name: 'Nuxt',
    folder: folderOf('nuxt'),
    build: ['../node_modules/nuxt/bin/nuxt.mjs', 'build'],
    serve: () => ['.output/server/index.mjs'],
    publicPath: '/cached',
  },
  angular: {
    name: 'Angular SSR',
    folder: folderOf('angular'),
    build: ['../node_modules/@angular/cli/bin/ng.js', 'build'],
    serve: () => ['dist/server/server.mjs'],
    publicPath: '/cached',
  },
  sveltekit: {
    name: 'SvelteKit',
    folder: folderOf('sveltekit'),
    build: ['../node_modules/vite/bin/vite.js', 'build'],
    serve: () => ['dist/index.js'],
    publicPath: '/cached',
    env: { HOST_HEADER: 'x-forwarded-host', PROTOCOL_HEADER: 'x-forwarded-proto' },
  },
  'react-router': {
    name: 'React Router',
    folder: folderOf('react-router'),
    build: ['../node_modules/@react-router/dev/bin.cjs', 'build'],
    serve: () => ['../node_modules/@react-router/serve/bin.cjs', 'dist/server/index.js'],
    publicPath: '/cached',
  },
  astro: {
    name: 'Astro',
    folder: folderOf('astro'),
    build: ['../node_modules/astro/bin/astro.mjs', 'build'],
    serve: () => ['dist/server/entry.mjs'],
    publicPath: '/cached',
  },
  'tanstack-start': {
    name: 'TanStack Start',
    folder: folderOf('tanstack-start'),
    build: ['../node_modules/vite/bin/vite.js', 'build'],
    serve: (port) => [
      '../node_modules/srvx/bin/srvx.mjs',
      'serve',
      '--prod',
      `--port=${port}`,
      '--entry=dist/server/server.js',
      '--static=../client',
    ],
    publicPath: '/cached',
  },
}

/** Other libraries, which the rig tries beside them. */
export const peers: Readonly<Record<string, Subject>> = {
  'next-auth': peer('next-auth', 'next-auth'),
  'next-auth-strict': peer('next-auth', 'next-auth', true),
  'nextjs-auth0': peer('@auth0/nextjs-auth0', 'nextjs-auth0'),
  'nextjs-auth0-strict': peer('@auth0/nextjs-auth0', 'nextjs-auth0', true),
  'authkit-session': peer('@workos/authkit-session', 'authkit-session'),
  'authkit-session-strict': peer('@workos/authkit-session', 'authkit-session', true),
  'supabase-ssr': peer('@supabase/ssr', 'supabase-ssr'),
  'supabase-ssr-strict': peer('@supabase/ssr', 'supabase-ssr', true),
}
