import { randomBytes } from 'node:crypto'

/** 128 random bits. Ids are bytes in the database and base64url everywhere else. */
export const newId = (): Buffer => randomBytes(16)
export const showId = (id: Uint8Array): string => Buffer.from(id).toString('base64url')

/** The id a text names; undefined for what can't be one. */
export function parseId(text: string): Buffer | undefined {
  const id = Buffer.from(text, 'base64url')
  return id.length === 16 && showId(id) === text ? id : undefined
}
