import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

/** The keys derived from the master key: one per purpose (RFC 5869). */
export interface Keys {
  /** The keys of refresh tokens. The first one signs, all of them verify. A token contains the id of its key. */
  readonly refreshToken: readonly RefreshTokenKey[]
  /** The keys of handshakes. The first one signs, all of them verify. */
  readonly handshake: readonly KeyObject[]
  /** The keys of the nonces of DPoP. The first one signs, all of them verify. */
  readonly dpopNonce: readonly KeyObject[]
  /** Encrypts a secret for the database, such as a private signing key. */
  wrap(plain: Buffer): Buffer
  /** Decrypts such a secret. Throws if none of the master keys encrypted it. */
  unwrap(wrapped: Uint8Array): Buffer
  /** True if the first master key encrypted this secret. If false, another master key is still needed. */
  isWrappedByFirst(wrapped: Uint8Array): boolean
}

export interface RefreshTokenKey {
  /** 0 to 255. */
  readonly id: number
  /** A `KeyObject`, because creating one from bytes each time is slow in Node. */
  readonly key: KeyObject
}

const derive = (master: Buffer, use: string, length = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', master, '', `tokenkeep ${use}`, length))

function tryUnwrap(wrapping: Buffer, wrapped: Uint8Array): Buffer | undefined {
  const bytes = Buffer.from(wrapped)
  const decipher = createDecipheriv('aes-256-gcm', wrapping, bytes.subarray(0, 12))
  decipher.setAuthTag(bytes.subarray(-16))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()])
  } catch {
    return undefined
  }
}

/**
 * Derives the keys of the server from its master key. While the master key is rotated, pass several: the first one signs
 * and encrypts, all of them verify and decrypt.
 *
 * @param masters Random keys of at least 32 bytes each.
 * @throws `TypeError` if there is no key, or if a key has fewer than 32 bytes.
 *
 * @example
 * ```ts
 * import { deriveKeys, readMasterKey } from '@tokenkeep/server'
 *
 * const keys = deriveKeys(readMasterKey('./data'))
 * ```
 */
export function deriveKeys(masters: Buffer | readonly Buffer[]): Keys {
  const all: readonly Buffer[] = Buffer.isBuffer(masters) ? [masters] : masters
  if (!all.length || all.some(({ length }) => length < 32))
    throw new TypeError('a master key must have at least 32 bytes: create one with crypto.randomBytes(32)')
  const wrappings = all.map((master) => derive(master, 'wrapping'))
  return {
    refreshToken: all.map((master) => ({
      id: derive(master, 'refresh token id', 1)[0]!,
      key: createSecretKey(derive(master, 'refresh token')),
    })),
    handshake: all.map((master) => createSecretKey(derive(master, 'handshake'))),
    dpopNonce: all.map((master) => createSecretKey(derive(master, 'dpop nonce'))),
    wrap(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', wrappings[0]!, nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    unwrap(wrapped) {
      for (const wrapping of wrappings) {
        const plain = tryUnwrap(wrapping, wrapped)
        if (plain) return plain
      }
      throw new Error(
        'this master key is not the one that the database was encrypted with: use the earlier master key',
      )
    },
    isWrappedByFirst: (wrapped) => tryUnwrap(wrappings[0]!, wrapped) !== undefined,
  }
}
