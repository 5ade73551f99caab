import { Option, type Command } from 'commander'
import type { Keys } from '../tokens/derived-keys.ts'
import { openKeys } from '../tokens/master-key.ts'
import { openStore, type Store } from '../store/store.ts'
import { flagOf, readConfig, schema, secrets, variableOf, type Config, type Setting } from './config.ts'

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

export interface Opened {
  readonly config: Config
  readonly store: Store
  /** Reads the master key and derives the keys. Most commands do not need them, so only a call reads the master key. */
  keys(): Promise<Keys>
}

/** Opens the store that the configuration names, runs `work`, and closes the store. */
export async function withStore<T>(
  flags: Record<string, unknown>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const config = readConfig(flags)
  const store = await openStore(config.store)
  try {
    return await work({ config, store, keys: () => openKeys(store, config) })
  } finally {
    await store.close()
  }
}
