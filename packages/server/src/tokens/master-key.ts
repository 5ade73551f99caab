import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { makeFolder } from '../store/make-folder.ts'
import { join } from 'node:path'
import { deriveKeys, type Keys } from './derived-keys.ts'
import { isPostgres, type Store } from '../store/store.ts'

/**
 * The master key is missing, malformed, or not the one that the database was used with. The message says what to do.
 *
 * @example
 * ```ts
 * import { MasterKeyError, openKeys, openStore } from '@tokenkeep/server'
 *
 * const store = await openStore('./data')
 * await openKeys(store, { store: './data' }).catch((error: unknown) => {
 *   if (error instanceof MasterKeyError) console.error(error.message)
 *   throw error
 * })
 * ```
 */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError'
}

/** Parses one key, or several during a rotation, in base64url, separated by commas or white space. */
function parseMasterKeys(text: string, source: string): Buffer[] {
  const keys = text.split(/[\s,]+/).filter(Boolean)
  const bytes = keys.map((key) => Buffer.from(key, 'base64url'))
  if (!bytes.length || bytes.some((key, i) => key.length < 32 || key.toString('base64url') !== keys[i]))
    throw new MasterKeyError(
      `${source}: a master key is at least 32 random bytes in base64url, as "openssl rand -base64 32 | tr '+/' '-_' | tr -d '='" prints`,
    )
  return bytes
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new MasterKeyError(`${path} cannot be read (${code}): name a file that this user can read`, {
      cause: error,
    })
  }
}

const keyFileIn = (folder: string): string => join(folder, 'master.key')

/**
 * Reads the master key of a data folder, the file `master.key`, and creates it if it is missing. The key is beside the
 * database, never in it. Returns several keys during a rotation. The first one signs.
 *
 * @throws {@link MasterKeyError} if the file does not contain keys of at least 32 bytes in base64url.
 *
 * @example
 * ```ts
 * import { deriveKeys, readMasterKey } from '@tokenkeep/server'
 *
 * const keys = deriveKeys(readMasterKey('./data'))
 * ```
 */
export function readMasterKey(folder: string): readonly Buffer[] {
  makeFolder(folder)
  const path = keyFileIn(folder)
  try {
    writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return parseMasterKeys(readKeyFile(path), path)
}

/** The sources of the master key, for {@link openKeys}. */
export interface KeySource {
  /** The URL or the data folder of the store. A data folder has its own key file. */
  readonly store: string
  /** The key itself, or several separated by commas, in base64url. */
  readonly masterKey?: string | undefined
  /** The path of a file that contains the key. */
  readonly masterKeyFile?: string | undefined
}

/**
 * Finds the master key of a store and derives its keys. The sources, in order: `masterKey`, `masterKeyFile`, and the data
 * folder of a SQLite store, which gets a new key on first use. `onCreate` is called with the path of a new key file.
 *
 * @throws {@link MasterKeyError} if there is no key, or if it is not the one that the database was used with.
 *
 * @example
 * ```ts
 * import { openKeys, openStore } from '@tokenkeep/server'
 *
 * const url = 'postgres://localhost/tokenkeep'
 * const keys = await openKeys(await openStore(url), { store: url, masterKeyFile: '/run/secrets/master.key' })
 * ```
 */
export async function openKeys(
  store: Store,
  { store: url, masterKey, masterKeyFile }: KeySource,
  onCreate: (path: string) => void = () => undefined,
): Promise<Keys> {
  const rows = await store.keys.listAllSigningKeys()
  const masters = (): readonly Buffer[] => {
    if (masterKey !== undefined) return parseMasterKeys(masterKey, 'the master key')
    if (masterKeyFile !== undefined) return parseMasterKeys(readKeyFile(masterKeyFile), masterKeyFile)
    if (isPostgres(url))
      throw new MasterKeyError('PostgreSQL needs a master key: set TOKENKEEP_MASTER_KEY or --master-key-file')
    const path = keyFileIn(url)
    if (existsSync(path)) return readMasterKey(url)
    // Do not create a new key silently: it would end every session.
    if (rows.length)
      throw new MasterKeyError(`${path} is missing: restore the master key that this database was used with`)
    const created = readMasterKey(url)
    onCreate(path)
    return created
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

/**
 * Encrypts every signing key with the first master key, so that the earlier one can be removed when its tokens have expired.
 * Returns how many keys were encrypted again.
 */
export async function rewrapSigningKeys(store: Store, keys: Keys): Promise<number> {
  const outdated = (await store.keys.listAllSigningKeys()).filter(
    ({ wrapped }) => !keys.isWrappedByFirst(wrapped),
  )
  for (const { kid, wrapped } of outdated)
    await store.keys.rewrapSigningKey(kid, wrapped, keys.wrap(keys.unwrap(wrapped)))
  return outdated.length
}

/** Does the same with the secrets of webhooks. */
export async function rewrapWebhooks(store: Store, keys: Keys): Promise<void> {
  for (const { id, wrapped } of await store.webhooks.listAll())
    if (!keys.isWrappedByFirst(wrapped))
      await store.webhooks.rewrap(id, wrapped, keys.wrap(keys.unwrap(wrapped)))
}
