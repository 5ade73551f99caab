import { readFileSync } from 'node:fs'
import { z } from 'zod'

const seconds = (most: number) => z.coerce.number().min(0).max(most)
const count = (most: number) => z.coerce.number().int().min(1).max(most)

/** Everything that can be set: by flag, by environment variable, or in a file, in this order. The descriptions are the help. */
export const schema = z.strictObject({
  store: z.string().min(1).describe('where the data is: a folder, or postgres://…'),
  masterKey: z
    .string()
    .optional()
    .describe(
      '32 random bytes in base64url, or several while it is changed; without one, made at first start beside a SQLite database',
    ),
  masterKeyFile: z.string().min(1).optional().describe('file that holds the master key'),
  eventDays: count(36_500).default(365).describe('days that events and statistics are kept'),
  host: z.string().min(1).default('localhost').describe('address to listen on'),
  port: z.coerce.number().int().min(0).max(65_535).default(4000).describe('port to listen on'),
  baseUrl: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where clients reach this server; default http://localhost:PORT'),
  trustedProxies: z.coerce
    .number()
    .int()
    .min(0)
    .max(10)
    .default(0)
    .describe('how many proxies of yours add to X-Forwarded-For'),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent'])
    .default('info')
    .describe('least level that is logged'),
  metricsToken: z.string().min(16).optional().describe('bearer token that /metrics asks for; default: open'),
  headersTimeout: seconds(120).default(10).describe('seconds a client may take for the head of a request'),
  requestTimeout: seconds(300).default(30).describe('seconds a client may take for a whole request'),
  drainDelay: seconds(300)
    .default(0)
    .describe('seconds between "not ready" and refusing connections at shutdown'),
  drainTimeout: seconds(300).default(10).describe('seconds that requests under way get at shutdown'),
  failuresPerAddress: count(1_000_000)
    .default(100)
    .describe('failed requests a minute before an address is told to wait'),
  signUpsPerAddress: count(1_000_000)
    .default(30)
    .describe('sign-ups begun a minute before an address is told to wait'),
})
export type Config = z.infer<typeof schema>
export type Setting = keyof Config

/** Never by flag: everybody on the machine can read a process's arguments. */
export const secrets: ReadonlySet<Setting> = new Set(['masterKey', 'metricsToken'])

export const flagOf = (setting: string): string =>
  `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
export const variableOf = (setting: string): string =>
  `TOKENKEEP_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** What is wrong with the configuration, a line for each fault, naming where it was set. Never says a value: it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

interface Source {
  readonly value: unknown
  /** How its user would call it. */
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
    // Said below.
  }
  throw new ConfigError(`${path}: must hold one JSON object`)
}

/** `TOKENKEEP_MASTER_KEY`, or the content of the file that `TOKENKEEP_MASTER_KEY_FILE` names: as secrets are mounted. */
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

/** A flag counts before a variable, a variable before the file. Throws {@link ConfigError}. */
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
