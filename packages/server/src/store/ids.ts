import { randomFillSync } from 'node:crypto'

// Random bits for many ids at a time: asked for singly, they cost a refresh more than its two HMACs.
const pool = Buffer.alloc(4096)
let used = pool.length

/** 128 random bits. Ids are bytes in the database and base64url everywhere else. */
export function newId(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return Buffer.from(pool.subarray(used, (used += 16)))
}
export const showId = (id: Buffer): string => id.toString('base64url')

/** The id a text names; undefined for what can't be one. */
export function parseId(text: string): Buffer | undefined {
  const id = Buffer.from(text, 'base64url')
  return id.length === 16 && showId(id) === text ? id : undefined
}
