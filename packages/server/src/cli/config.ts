import { readFileSync } from 'node:fs'
import { ofKubernetes, unknownVariables } from './environment.ts'
import { printable } from '../printable.ts'
import { schema, type Config, type Setting } from './schema.ts'

export { schema, type Config, type Setting }

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
  return `"${printable(text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text)}" `
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
      ? [`${source.name}: ${shown(setting, source.value)}must be ${must}`]
      : [
          `${flagOf(setting)} is missing (or ${variableOf(setting)}, or ${setting} in a file named by --config): it must be ${must}`,
        ]
  })
  throw new ConfigError([...new Set(lines)].join('\n'))
}

/** Reads the settings as {@link readSettings} does. */
export const readConfig = (flags: Record<string, unknown>, env?: NodeJS.ProcessEnv): Config =>
  readSettings(flags, env).config
