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

/** The apps that the rig tries, by name. */
export const subjects: Readonly<Record<string, Subject>> = {
  next,
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
}
