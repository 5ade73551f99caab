import { readFileSync } from 'node:fs'
import { z } from 'zod'

const seconds = (max: number) => z.coerce.number().min(0).max(max)
const count = (max: number) => z.coerce.number().int().min(1).max(max)

/** All settings. A value comes from a flag, an environment variable or a file, in this order. The descriptions are the help texts. */
export const schema = z.strictObject({
  store: z.string().min(1).describe('the database: a folder for SQLite, or postgres://…'),
  masterKey: z
    .string()
    .optional()
    .describe(
      'the master key: at least 32 random bytes in base64url. While you rotate it, give several keys, separated by commas. With SQLite, the default is a file that is created beside the database at the first start',
    ),
  masterKeyFile: z.string().min(1).optional().describe('the file that contains the master key'),
  eventDays: count(36_500).default(365).describe('how many days events and statistics are kept'),
  host: z.string().min(1).default('localhost').describe('the address to listen on'),
  port: z.coerce.number().int().min(0).max(65_535).default(4000).describe('the port to listen on'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('the URL where clients reach this server; default: http://localhost:PORT'),
  trustedProxies: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('how many of your proxies append to X-Forwarded-For'),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('the lowest level that is logged'),
  metricsToken: z
    .string()
    .min(16)
    .optional()
    .describe('the bearer token that /metrics requires; default: /metrics is open'),
  headersTimeout: seconds(120)
    .default(10)
    .describe('how many seconds a client can take to send the headers of a request'),
  requestTimeout: seconds(300)
    .default(30)
    .describe('how many seconds a client can take to send a whole request'),
  drainDelay: seconds(300)
    .default(0)
    .describe('at shutdown: how many seconds to wait between "not ready" and refusing connections'),
  drainTimeout: seconds(300)
    .default(10)
    .describe('at shutdown: how many seconds open requests have to finish'),
  failuresPerAddress: count(1_000_000)
    .default(100)
    .describe('how many failed requests per minute one address can send before it must wait'),
  signUpsPerAddress: count(1_000_000)
    .default(30)
    .describe('how many sign-ups per minute one address can start before it must wait'),
})
export type Config = z.infer<typeof schema>
export type Setting = keyof Config

/** Settings without a flag: every user of the machine can read the arguments of a process. */
export const secrets: ReadonlySet<Setting> = new Set(['masterKey', 'metricsToken'])

export const flagOf = (setting: string): string =>
  `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
export const variableOf = (setting: string): string =>
  `TOKENKEEP_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** The configuration is wrong. The message has one line per fault, with the place where it was set. It shows no value, because a value can be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

interface Source {
  readonly value: unknown
  /** The flag, the variable or the file and setting, as the user wrote it. */
  readonly name: string
}

function fromFile(path: string): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ConfigError(
      `${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'cannot be read'}`,
    )
  }
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // The error is thrown below.
  }
  throw new ConfigError(`${path}: must contain one JSON object`)
}

/** Reads a variable, or the file that the variable with the suffix `_FILE` names: secrets are often mounted as files. */
function fromEnvironment(setting: string, env: NodeJS.ProcessEnv): Source | undefined {
  const name = variableOf(setting)
  if (env[name]) return { value: env[name], name }
  const path = env[`${name}_FILE`]
  if (!path) return undefined
  try {
    return { value: readFileSync(path, 'utf8').trim(), name: `${name}_FILE` }
  } catch {
    throw new ConfigError(`${name}_FILE: ${path} cannot be read`)
  }
}

/** Reads the settings. A flag overrides a variable, a variable overrides the file. Throws {@link ConfigError}. */
export function readConfig(flags: Record<string, unknown>, env: NodeJS.ProcessEnv = process.env): Config {
  const path = (flags['config'] as string | undefined) ?? env['TOKENKEEP_CONFIG']
  const file = path ? fromFile(path) : {}
  const sources = new Map<string, Source>()
  for (const [setting, value] of Object.entries(file))
    sources.set(setting, { value, name: `${path}: ${setting}` })
  for (const setting of Object.keys(schema.shape)) {
    const variable = fromEnvironment(setting, env)
    if (variable) sources.set(setting, variable)
    if (flags[setting] !== undefined) sources.set(setting, { value: flags[setting], name: flagOf(setting) })
  }
  const parsed = schema.safeParse(
    Object.fromEntries([...sources].map(([setting, { value }]) => [setting, value])),
  )
  if (parsed.success) return parsed.data
  const lines = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => `${path}: there is no setting ${key}`)
    const setting = String(issue.path[0])
    const source = sources.get(setting)
    return source
      ? [`${source.name}: ${issue.message}`]
      : [
          `${flagOf(setting)} is missing (or ${variableOf(setting)}, or ${setting} in a file named by --config)`,
        ]
  })
  throw new ConfigError(lines.join('\n'))
}
