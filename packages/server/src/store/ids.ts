import { randomFillSync } from 'node:crypto'

// Random bytes for many ids, because one system call per id takes more time than the two HMACs of a refresh.
const pool = Buffer.alloc(4096)
let used = pool.length

/** Returns 128 random bits. An id is bytes in the database and base64url text everywhere else. */
export function newId(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return Buffer.from(pool.subarray(used, (used += 16)))
}
export const formatId = (id: Buffer): string => id.toString('base64url')

/** Reads an id from its text. Returns undefined if the text is not an id. */
export function parseId(text: string): Buffer | undefined {
  const id = Buffer.from(text, 'base64url')
  return id.length === 16 && formatId(id) === text ? id : undefined
}
