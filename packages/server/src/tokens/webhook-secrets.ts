import { randomBytes } from 'node:crypto'

/** A new secret, as bytes: 256 bits. Standard Webhooks asks for 24 to 64 bytes. */
export const newSecret = (): Buffer => randomBytes(32)
/** The form in which the receiver gets the secret. */
export const formatSecret = (secret: Buffer): string => `whsec_${secret.toString('base64')}`
