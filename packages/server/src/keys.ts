import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What the master key is used for, each use under a key of its own (RFC 5869). */
export interface Keys {
  /** Signs refresh tokens. Its id travels in them. A key object: Node is slow to make one of bytes each time. */
  readonly refreshToken: { readonly id: number; readonly key: KeyObject }
  /** Encrypts what must lie in the database, such as signing keys. */
  wrap(plain: Buffer): Buffer
  unwrap(wrapped: Uint8Array): Buffer
}

export function deriveKeys(master: Buffer): Keys {
  if (master.length < 32) throw new TypeError('the master key must have at least 32 bytes')
  const derive = (use: string): Buffer => Buffer.from(hkdfSync('sha256', master, '', `tokenkeep ${use}`, 32))
  const wrapping = derive('wrapping')
  return {
    refreshToken: { id: 1, key: createSecretKey(derive('refresh token')) },
    wrap(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', wrapping, nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    unwrap(wrapped) {
      const bytes = Buffer.from(wrapped)
      const decipher = createDecipheriv('aes-256-gcm', wrapping, bytes.subarray(0, 12))
      decipher.setAuthTag(bytes.subarray(-16))
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
    },
  }
}

/** The master key of a data folder, made at first use. It lies beside the database, never in it. */
export function readMasterKey(folder: string): Buffer {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'master.key')
  try {
    writeFileSync(path, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')
}
