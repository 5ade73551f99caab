import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto'

/** What the master key is used for, each use under a key of its own (RFC 5869). */
export interface Keys {
  /** Sign refresh tokens: the first one writes, all of them are honoured. Their ids travel in the tokens. */
  readonly refreshToken: readonly RefreshTokenKey[]
  /** Encrypts what must lie in the database, such as signing keys. */
  wrap(plain: Buffer): Buffer
  /** Throws for what was not wrapped under any of the master keys. */
  unwrap(wrapped: Uint8Array): Buffer
  /** Whether it is under the first master key: a later one may be dropped one day. */
  isUnderFirst(wrapped: Uint8Array): boolean
}

export interface RefreshTokenKey {
  /** 0 to 255. */
  readonly id: number
  /** A key object: Node is slow to make one of bytes each time. */
  readonly key: KeyObject
}

const derive = (master: Buffer, use: string, length = 32): Buffer =>
  Buffer.from(hkdfSync('sha256', master, '', `tokenkeep ${use}`, length))

function open(wrapping: Buffer, wrapped: Uint8Array): Buffer | undefined {
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
 * The keys of one master key, or of several while it is being rotated: the first one writes, all of them are read.
 * Throws `TypeError` for a key of fewer than 32 bytes.
 */
export function deriveKeys(masters: Buffer | readonly Buffer[]): Keys {
  const all: readonly Buffer[] = Buffer.isBuffer(masters) ? [masters] : masters
  if (!all.length || all.some(({ length }) => length < 32))
    throw new TypeError('a master key must have at least 32 bytes')
  const wrappings = all.map((master) => derive(master, 'wrapping'))
  return {
    refreshToken: all.map((master) => ({
      id: derive(master, 'refresh token id', 1)[0]!,
      key: createSecretKey(derive(master, 'refresh token')),
    })),
    wrap(plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', wrappings[0]!, nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    unwrap(wrapped) {
      for (const wrapping of wrappings) {
        const plain = open(wrapping, wrapped)
        if (plain) return plain
      }
      throw new Error('this master key is not the one that the database was encrypted with')
    },
    isUnderFirst: (wrapped) => open(wrappings[0]!, wrapped) !== undefined,
  }
}
