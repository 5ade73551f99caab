// The samples that a server renders. Turbo builds them on demand, and again only after a change.

/** What the server of a sample needs to know. */
export interface Surroundings {
  /** The address of the sample. */
  readonly url: string
  readonly port: number
  /** The address of the session server. */
  readonly server: string
  readonly apiKey: string
  readonly clientSecret: string
  /** Seals the cookies. */
  readonly sessionKey: string
}

export const renderedSamples = [
  {
    name: 'Next.js',
    folder: 'apps/samples/next',
    serve: ['node_modules/next/dist/bin/next', 'start'],
  },
  { name: 'Nuxt', folder: 'apps/samples/nuxt', serve: ['.output/server/index.mjs'] },
  { name: 'Angular SSR', folder: 'apps/samples/angular-ssr', serve: ['dist/server/server.mjs'] },
] as const

export type RenderedSample = (typeof renderedSamples)[number]

/** The environment of a sample's server. */
export const environmentOf = (at: Surroundings): Record<string, string> => ({
  PORT: `${at.port}`,
  ORIGIN: at.url,
  TOKENKEEP_URL: at.server,
  TOKENKEEP_APP_ID: 'demo',
  TOKENKEEP_API_KEY: at.apiKey,
  TOKENKEEP_CLIENT_SECRET: at.clientSecret,
  SESSION_KEY: at.sessionKey,
  NODE_ENV: 'production',
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
})

/** The arguments of Turbo that build a sample, and what it depends on. */
export const buildArguments = ({ folder }: RenderedSample): string[] => [
  'run',
  'render',
  `--filter=./${folder}`,
  '--output-logs=errors-only',
]

/** The environment of that build. The frameworks start the sample's server, but no request reaches it. */
export const duringBuild = environmentOf({
  url: 'http://localhost',
  port: 1,
  server: 'http://localhost',
  apiKey: 'none',
  clientSecret: 'none',
  sessionKey: 'no session is sealed during the build',
})
