import type { Bench } from './frame/report.ts'

/** All benches, in the order of the documentation. Each is loaded only when it runs, because a bench of the client needs no database. */
export const benches = {
  size: () => import('./size/size.ts'),
  'hot-path': () => import('./hot-path/hot-path.ts'),
  reload: () => import('./reload/reload.ts'),
  stampede: () => import('./stampede/stampede.ts'),
  'server-rendering': () => import('./server-rendering/server-rendering.ts'),
  renders: () => import('./renders/renders.ts'),
  server: () => import('./server/server.ts'),
  growth: () => import('./growth/growth.ts'),
  faults: () => import('./faults/faults.ts'),
} satisfies Record<string, () => Promise<{ bench: Bench }>>

export type BenchName = keyof typeof benches
