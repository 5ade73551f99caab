import { fileURLToPath } from 'node:url'
import type { Subject } from './subject.ts'

const folderOf = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/** The apps that the rig tries, by name. */
export const subjects: Readonly<Record<string, Subject>> = {
  next: {
    name: 'Next',
    folder: folderOf('next'),
    build: ['../node_modules/next/dist/bin/next', 'build'],
    serve: (port) => ['../node_modules/next/dist/bin/next', 'start', '-p', `${port}`],
    publicPath: '/cached',
    prefetch: { rsc: '1', 'next-router-prefetch': '1' },
  },
}
