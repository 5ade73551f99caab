import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ofKubernetes, unknownVariables } from './environment.ts'
import { printable } from './printable.ts'

/** A setting: what its value must be, as a wrong value is told, and its help text. */
const setting = <T extends z.ZodType>(type: T, must: string, description: string): T =>
  type.meta({ must, description })

/** A number without spaces, signs or exponents. Flags and variables are text, a file can contain numbers. */
const number = (digits: RegExp, min: number, max: number) =>
  z.union([z.number(), z.string().regex(digits).transform(Number)]).pipe(z.number().min(min).max(max))
const DECIMAL = /^\d{1,15}(\.\d{1,6})?$/
const WHOLE = /^\d{1,15}$/

const seconds = (max: number, fallback: number, description: string) =>
  setting(number(DECIMAL, 0, max).default(fallback), `a number of seconds from 0 to ${max}`, description)
const whole = (min: number, max: number, fallback: number, description: string) =>
  setting(
    number(WHOLE, min, max).pipe(z.int()).default(fallback),
    `a whole number from ${min} to ${max}`,
    description,
  )

/** A URL that clients can extend by a path: without a query, a fragment or a password. */
const isBaseUrl = (text: string): boolean => {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false
  const { search, hash, username, password } = new URL(text)
  return !(search || hash || username || password)
}
/** The path of a folder, or the URL of a PostgreSQL database. Any other URL is a mistake, not a folder. */
const isStore = (text: string): boolean =>
  text.trim() !== '' &&
  !text.includes('\0') &&
  (!/^[a-z][\w+.-]*:/i.test(text) || /^postgres(ql)?:\/\//.test(text))

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** All settings. A value comes from a flag, an environment variable or a file, in this order. The descriptions are the help texts. */
export const schema = z.strictObject({
  store: setting(
    z.string().refine(isStore),
    'the path of a folder for SQLite, or a URL that begins with postgres://',
    'the database: a folder for SQLite, or postgres://…',
  ),
  masterKey: setting(
    z.string().min(1).optional(),
    'at least 32 random bytes in base64url',
    'the master key: at least 32 random bytes in base64url. While you rotate it, give several keys, separated by commas. With SQLite, the default is a file that is created beside the database at the first start',
  ),
  masterKeyFile: setting(
    z.string().min(1).optional(),
    'the path of a file',
    'the file that contains the master key',
  ),
  eventDays: whole(1, 36_500, 365, 'how many days events and statistics are kept'),
  host: setting(
    z.string().min(1).default('localhost'),
    'a name or an address of this machine',
    'the address to listen on',
  ),
  port: whole(0, 65_535, 4000, 'the port to listen on'),
  baseUrl: setting(
    z.string().refine(isBaseUrl).optional(),
    'a URL such as https://auth.example.com, without a query',
    'the URL where clients reach this server, with a path if a proxy adds one; default: http://localhost:PORT',
  ),
  trustedProxies: whole(0, 10, 0, 'how many of your proxies append to X-Forwarded-For'),
  logLevel: setting(
    z.enum(LOG_LEVELS).default('info'),
    `one of ${LOG_LEVELS.join(', ')}`,
    'the lowest level that is logged',
  ),
  metricsToken: setting(
    z.string().min(16).optional(),
    'at least 16 characters',
    'the bearer token that /metrics requires; default: /metrics is closed',
  ),
  headersTimeout: seconds(120, 10, 'how many seconds a client can take to send the headers of a request'),
  requestTimeout: seconds(300, 30, 'how many seconds a client can take to send a whole request'),
  drainDelay: seconds(
    300,
    0,
    'at shutdown: how many seconds to wait between "not ready" and refusing connections',
  ),
  drainTimeout: seconds(300, 10, 'at shutdown: how many seconds open requests have to finish'),
  failuresPerAddress: whole(
    1,
    1_000_000,
    100,
    'how many failed requests of one kind per minute one address can send before it must wait',
  ),
  signUpsPerAddress: whole(
    1,
    1_000_000,
    30,
    'how many sign-ups per minute one address can start before it must wait',
  ),
  signInsPerAddress: whole(
    1,
    1_000_000,
    600,
    'how many sign-ins per minute one address can start before it must wait',
  ),
})
export type Config = z.infer<typeof schema>
export type Setting = keyof Config

/** Settings without a flag: every user of the machine can read the arguments of a process. */
export const secrets: ReadonlySet<Setting> = new Set(['masterKey', 'metricsToken'])

export const flagOf = (setting: string): string =>
  `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
export const variableOf = (setting: string): string =>
  `TOKENKEEP_${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

/** The configuration is wrong. The message has one line per fault: where it was set, the value if it is no secret, and what is right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

interface Source {
  readonly value: unknown
  /** The flag, the variable or the file and setting, as the user wrote it. */
  readonly name: string
}

function readText(path: string, name: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : 'cannot be read'
    throw new ConfigError(`${name} ${printable(path)}: ${reason}: name a file that this user can read`)
  }
}

function fromFile(path: string): Record<string, unknown> {
  const text = readText(path, '--config')
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // The error is thrown below.
  }
  throw new ConfigError(`--config ${printable(path)}: must contain one JSON object, such as {"port": 4000}`)
}

/** Reads a variable, or the file that the variable with the suffix `_FILE` names: secrets are often mounted as files. */
function fromEnvironment(setting: string, env: NodeJS.ProcessEnv): Source | undefined {
  const name = variableOf(setting)
  const value = env[name]
  if (value && !ofKubernetes(name, value)) return { value, name }
  const path = env[`${name}_FILE`]
  // `TOKENKEEP_MASTER_KEY_FILE` is also the variable of the setting `masterKeyFile`. Both mean the same.
  return path ? { value: readText(path, `${name}_FILE`).trim(), name: `${name}_FILE` } : undefined
}

const MAX_SHOWN = 60
/** The value as a message shows it. A secret is not shown, and neither is the URL of a database, which can contain one. */
function shown(setting: string, value: unknown): string {
  if (secrets.has(setting as Setting) || setting === 'store') return ''
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return ` ${printable(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text) || '""'}`
}

export interface Settings {
  readonly config: Config
  /** Variables that are ignored, one line each. */
  readonly warnings: readonly string[]
  /** The flag, the variable or the place in the file that set a setting; the flag if it has its default. */
  nameOf(setting: Setting): string
}

/** Reads the settings. A flag overrides a variable, a variable overrides the file. Throws {@link ConfigError}. */
export function readSettings(flags: Record<string, unknown>, env: NodeJS.ProcessEnv = process.env): Settings {
  const path = (flags['config'] as string | undefined) ?? env['TOKENKEEP_CONFIG']
  const file = path ? fromFile(path) : {}
  const sources = new Map<string, Source>()
  for (const [setting, value] of Object.entries(file))
    sources.set(setting, { value, name: `${path}: ${setting}` })
  const known = Object.keys(schema.shape)
  for (const setting of known) {
    const variable = fromEnvironment(setting, env)
    if (variable) sources.set(setting, variable)
    if (flags[setting] !== undefined) sources.set(setting, { value: flags[setting], name: flagOf(setting) })
  }
  const parsed = schema.safeParse(
    Object.fromEntries([...sources].map(([setting, { value }]) => [setting, value])),
  )
  if (parsed.success)
    return {
      config: parsed.data,
      warnings: unknownVariables(env, new Set(known.map(variableOf))),
      nameOf: (setting) => sources.get(setting)?.name ?? flagOf(setting),
    }
  const lines = parsed.error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map(
        (key) => `${path}: there is no setting ${printable(key)}: see tokenkeep serve --help`,
      )
    const setting = String(issue.path[0]) as Setting
    const source = sources.get(setting)
    const { must } = schema.shape[setting].meta() as { must: string }
    return source
      ? [`${source.name}${shown(setting, source.value)}: must be ${must}`]
      : [
          `${flagOf(setting)} is missing (or ${variableOf(setting)}, or ${setting} in a file named by --config): it must be ${must}`,
        ]
  })
  throw new ConfigError([...new Set(lines)].join('\n'))
}

/** Reads the settings as {@link readSettings} does. */
export const readConfig = (flags: Record<string, unknown>, env?: NodeJS.ProcessEnv): Config =>
  readSettings(flags, env).config
