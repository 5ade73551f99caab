import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Subject } from './rig/subject.ts'

/** What the servers read when they start. A build starts them too, to render what is static. */
export const duringBuild = {
  AUTH_URL: 'http://localhost',
  APP_ID: 'demo',
  CLIENT_SECRET: 'none',
  SESSION_KEY: 'no session is sealed during the build',
  ORIGIN: 'http://localhost',
}

export async function build({ name, folder, build: args, env: own }: Subject): Promise<void> {
  console.log(`Building ${name}…`)
  const env = {
    NODE_ENV: 'production' as const,
    NEXT_TELEMETRY_DISABLED: '1',
    NUXT_TELEMETRY_DISABLED: '1',
    ASTRO_TELEMETRY_DISABLED: '1',
  }
  await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, ...duringBuild, ...own, ...env },
  })
}
