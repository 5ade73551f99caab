import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deriveKeys, type Keys } from './derived-keys.ts'
import { isPostgres, type Store } from '../store/store.ts'

/** The master key can't be had, or is not the right one. The message says what to do. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError'
}

/** One key, or several while it is rotated, in base64url, parted by commas or lines: the first one writes. */
function parse(text: string, where: string): Buffer[] {
  const keys = text.split(/[\s,]+/).filter(Boolean)
  const bytes = keys.map((key) => Buffer.from(key, 'base64url'))
  if (!bytes.length || bytes.some((key, i) => key.length < 32 || key.toString('base64url') !== keys[i]))
    throw new MasterKeyError(`${where}: a master key is at least 32 random bytes in base64url`)
  return bytes
}

const fileIn = (folder: string): string => join(folder, 'master.key')

/** The master key of a data folder, made at first use. It lies beside the database, never in it. */
export function readMasterKey(folder: string): readonly Buffer[] {
  mkdirSync(folder, { recursive: true })
  const path = fileIn(folder)
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return parse(readFileSync(path, 'utf8'), path)
}

export interface KeySource {
  /** Where the store is: a data folder has a key file of its own. */
  readonly store: string
  /** The key itself, or several. */
  readonly masterKey?: string | undefined
  /** A file that holds it. */
  readonly masterKeyFile?: string | undefined
}

/**
 * The keys of a store: from the environment, from a file, or from the data folder, where one is made at first use.
 * Throws {@link MasterKeyError}, also where the key is another than the database was used with.
 */
export async function openKeys(
  store: Store,
  { store: url, masterKey, masterKeyFile }: KeySource,
  onCreate: (path: string) => void = () => undefined,
): Promise<Keys> {
  const rows = await store.keys.allSigning()
  const masters = (): readonly Buffer[] => {
    if (masterKey !== undefined) return parse(masterKey, 'the master key')
    if (masterKeyFile !== undefined) return parse(readFileSync(masterKeyFile, 'utf8'), masterKeyFile)
    if (isPostgres(url))
      throw new MasterKeyError('PostgreSQL needs a master key: set TOKENKEEP_MASTER_KEY or --master-key-file')
    const path = fileIn(url)
    if (existsSync(path)) return readMasterKey(url)
    // A new key would end every session, without a word.
    if (rows.length)
      throw new MasterKeyError(`${path} is missing: put back the master key that this database was used with`)
    const made = readMasterKey(url)
    onCreate(path)
    return made
  }
  const keys = deriveKeys(masters())
  for (const { wrapped } of rows) {
    try {
      keys.unwrap(wrapped)
    } catch (error) {
      throw new MasterKeyError((error as Error).message, { cause: error })
    }
  }
  return keys
}

/** Puts every signing key under the first master key, so that the one before can be dropped when its tokens are gone. */
export async function rewrapSigningKeys(store: Store, keys: Keys): Promise<number> {
  const old = (await store.keys.allSigning()).filter(({ wrapped }) => !keys.isUnderFirst(wrapped))
  for (const { kid, wrapped } of old) await store.keys.rewrap(kid, wrapped, keys.wrap(keys.unwrap(wrapped)))
  return old.length
}
