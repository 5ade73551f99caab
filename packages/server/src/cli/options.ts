import { Option, type Command } from 'commander'
import { StoreUnavailableError } from '../store/database.ts'
import { MigrationError } from '../store/migration.ts'
import { UnusableStoreError } from '../store/unusable.ts'
import { openStore, type Store } from '../store/store.ts'
import type { Keys } from '../tokens/derived-keys.ts'
import { MasterKeyError, openKeys } from '../tokens/master-key.ts'
import { CommandError } from './command-error.ts'
import {
  readSettings,
  flagOf,
  schema,
  secrets,
  variableOf,
  type Config,
  type Setting,
  type Settings,
} from './config.ts'

const DEFAULTS: Partial<Config> = schema.omit({ store: true }).parse({})

/** Adds the flags of these settings and `--config` to a command. The help texts come from the schema. */
export function addSettings(command: Command, settings: readonly Setting[]): Command {
  for (const setting of settings) {
    const field = schema.shape[setting]
    if (secrets.has(setting)) continue
    const value = DEFAULTS[setting]
    const fallback = value === undefined ? '' : `default: ${value}, `
    const help = `${field.description} (${fallback}env: ${variableOf(setting)})`
    command.addOption(new Option(`${flagOf(setting)} <value>`, help))
  }
  return command.addOption(new Option('--config <file>', 'JSON file with settings (env: TOKENKEEP_CONFIG)'))
}

/** Reads the settings of a command, and prints the variables that are ignored. */
export function settingsOf(flags: Record<string, unknown>): Settings {
  const settings = readSettings(flags)
  for (const line of settings.warnings) process.stderr.write(`tokenkeep: ${line}\n`)
  return settings
}

/** Opens the store of the settings. Throws {@link CommandError} with the setting and the way out. */
export async function openConfiguredStore({ config, nameOf }: Settings, create: boolean): Promise<Store> {
  try {
    return await openStore(config.store, { create })
  } catch (error) {
    if (error instanceof UnusableStoreError || error instanceof MigrationError)
      throw new CommandError(`${nameOf('store')}: ${error.message}`, { cause: error })
    if (error instanceof StoreUnavailableError)
      throw new CommandError(
        `${nameOf('store')}: the database does not answer (${error.message}): start it, or correct its address`,
        { cause: error },
      )
    throw error
  }
}

/** Opens the keys of the settings. Throws {@link CommandError} with the setting and the way out. */
export async function openConfiguredKeys(
  { config, nameOf }: Settings,
  store: Store,
  onCreate?: (path: string) => void,
): Promise<Keys> {
  const named = (['masterKey', 'masterKeyFile'] as const).find((setting) => config[setting] !== undefined)
  try {
    return await openKeys(store, config, onCreate)
  } catch (error) {
    if (!(error instanceof MasterKeyError)) throw error
    throw new CommandError(`${nameOf(named ?? 'store')}: ${error.message}`, { cause: error })
  }
}

export interface Opened {
  readonly config: Config
  readonly store: Store
  /** Reads the master key and derives the keys. Most commands do not need them, so only a call reads the master key. */
  keys(): Promise<Keys>
}

/** Opens the store that the configuration names, runs `work`, and closes the store. Without `create` it must exist. */
export async function withStore<T>(
  flags: Record<string, unknown>,
  work: (opened: Opened) => Promise<T>,
  { create = false } = {},
): Promise<T> {
  const settings = settingsOf(flags)
  const store = await openConfiguredStore(settings, create)
  try {
    return await work({
      config: settings.config,
      store,
      keys: () => openConfiguredKeys(settings, store),
    })
  } finally {
    await store.close()
  }
}
