import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { oauthRefreshes, sessionServerRefreshes, type Refreshes } from './load.ts'
import type { Postgres } from './postgres.ts'
import { startSubject } from './subject.ts'
import { Installation } from './tokenkeep.ts'

export interface Surroundings {
  readonly postgres: Postgres
  readonly folder: string
  /** How many sessions to open. */
  readonly sessions: number
}

/** Servers over one store, and the refresh tokens of its sessions. */
export interface Running {
  readonly servers: readonly { readonly port: number; readonly pid: number }[]
  readonly refreshes: Refreshes
  readonly tokens: string[]
  stop(): Promise<void>
}

export interface Contender {
  readonly title: string
  readonly package?: string
  /** What a refresh survives after the server has responded to it. */
  readonly survives: 'kill -9' | 'nothing'
  readonly usesPostgres?: boolean
  /** How many processes serve one database. Set only if the numbers of processes are compared. */
  readonly processes?: number
  start(surroundings: Surroundings): Promise<Running>
}

const script = (name: string): string => join('src', 'server', 'subjects', `${name}.ts`)

async function tokenkeep(store: string, sessions: number, processes = 1): Promise<Running> {
  const installation = await Installation.create(store)
  const servers = [await installation.start()]
  const tokens = await installation.openSessions(servers[0]!.port, sessions)
  while (servers.length < processes) servers.push(await installation.start())
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())))
  return { servers, refreshes: sessionServerRefreshes, tokens, stop }
}

/** Starts a server that does only the necessary work of a refresh, on sessions that Tokenkeep has opened. */
async function parts(store: string, sessions: number): Promise<Running> {
  const installation = await Installation.create(store)
  const opener = await installation.start()
  const tokens = await installation.openSessions(opener.port, sessions)
  await opener.stop()
  const server = await installation.startFloor()
  return { servers: [server], refreshes: sessionServerRefreshes, tokens, stop: () => server.stop() }
}

async function subject(args: readonly string[], refreshes: Refreshes): Promise<Running> {
  const started = await startSubject(args)
  return { servers: [started], refreshes, tokens: started.printed.tokens!, stop: () => started.stop() }
}

const oidcProvider = (format: 'opaque' | 'jwt'): Contender => ({
  title: `oidc-provider, ${format}, in memory`,
  package: 'oidc-provider',
  survives: 'nothing',
  start: ({ sessions }) =>
    subject(
      [script('oidc-provider'), format, String(sessions)],
      oauthRefreshes('/token', format === 'jwt' ? { resource: 'https://api.example' } : {}),
    ),
})

const betterAuth = (format: 'opaque' | 'jwt'): Contender => ({
  title: `better-auth, ${format}, SQLite`,
  package: 'better-auth',
  survives: 'kill -9',
  start: ({ folder, sessions }) =>
    subject(
      [script('better-auth'), format, mkdtempSync(join(folder, 'better-auth-')), String(sessions)],
      oauthRefreshes('/api/auth/oauth2/token'),
    ),
})

export const hello: Contender = {
  title: 'a minimal server',
  survives: 'nothing',
  start: ({ sessions }) => subject([script('hello'), String(sessions)], sessionServerRefreshes),
}

export const floor: Contender = {
  title: 'the necessary work alone, SQLite',
  survives: 'kill -9',
  start: ({ folder, sessions }) => parts(join(folder, 'parts'), sessions),
}

export const contenders: readonly Contender[] = [
  hello,
  floor,
  {
    title: 'Tokenkeep, SQLite',
    package: '@tokenkeep/server',
    survives: 'kill -9',
    start: ({ folder, sessions }) => tokenkeep(join(folder, 'tokenkeep'), sessions),
  },
  {
    title: 'Tokenkeep, PostgreSQL',
    package: '@tokenkeep/server',
    survives: 'kill -9',
    usesPostgres: true,
    processes: 1,
    start: async ({ postgres, sessions }) => tokenkeep(await postgres.createDatabase(), sessions),
  },
  {
    title: 'Tokenkeep, PostgreSQL, 2 processes',
    package: '@tokenkeep/server',
    survives: 'kill -9',
    usesPostgres: true,
    processes: 2,
    start: async ({ postgres, sessions }) => tokenkeep(await postgres.createDatabase(), sessions, 2),
  },
  oidcProvider('opaque'),
  oidcProvider('jwt'),
  betterAuth('opaque'),
  betterAuth('jwt'),
]
