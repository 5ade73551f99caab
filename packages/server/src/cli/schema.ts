import { z } from 'zod'

/** A setting. `must`: what the error for a wrong value says. `description`: the help text. */
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
  privateWebhooks: setting(
    z.enum(['refuse', 'allow']).default('refuse'),
    'refuse or allow',
    'whether webhooks may be sent to private networks, and without TLS',
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
