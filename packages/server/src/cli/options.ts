import { Option, type Command } from 'commander'
import type { Keys } from '../tokens/derived-keys.ts'
import { openKeys } from '../tokens/master-key.ts'
import { openStore, type Store } from '../store/store.ts'
import { flagOf, readConfig, schema, secrets, variableOf, type Config, type Setting } from './config.ts'

/** What holds where nothing is set. */
const defaults: Partial<Config> = schema.omit({ store: true }).parse({})

/** Gives a command the flags of these settings, as their schema describes them, and `--config`. */
export function addSettings(command: Command, settings: readonly Setting[]): Command {
  for (const setting of settings) {
    const field = schema.shape[setting]
    if (secrets.has(setting)) continue
    const value = defaults[setting]
    const known = value === undefined ? '' : `default: ${value}, `
    const help = `${field.description} (${known}env: ${variableOf(setting)})`
    command.addOption(new Option(`${flagOf(setting)} <value>`, help))
  }
  return command.addOption(new Option('--config <file>', 'JSON file with settings (env: TOKENKEEP_CONFIG)'))
}

export interface Opened {
  readonly config: Config
  readonly store: Store
  /** Read when it is needed: most commands never touch the master key. */
  keys(): Promise<Keys>
}

/** Runs `work` on the store that the flags, the environment or the file name, and closes it. */
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
