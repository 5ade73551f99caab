import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Keys } from './derived-keys.ts'

/** What a started ceremony must remember until it is finished. The client carries it, signed, so starting one writes nothing. */
export interface Handshake {
  /** 16 random bytes in base64url. A handshake is finished once. */
  readonly id: string
  readonly purpose: 'sign-up' | 'sign-in' | 'add' | 'reauthenticate'
  /** The random bytes that the authenticator signs, in base64url. */
  readonly challenge: string
  /** The user that the passkey belongs to, in base64url. Undefined if any passkey of the app may sign in. */
  readonly user?: string | undefined
  /** The session whose user authenticates again, in base64url. */
  readonly session?: string | undefined
  /** The identifier of a new user. */
  readonly identifier?: string | undefined
  /** The hash of the invitation that allows this ceremony, in base64url. */
  readonly invitation?: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

const PREFIX = 'hs1.'

const macOf = (key: Keys['handshake'][number], appId: string, body: string): Buffer =>
  createHmac('sha256', key).update(`${appId} ${body}`).digest()

/** Encodes and signs a handshake. */
export function signHandshake({ handshake: [key] }: Keys, appId: string, handshake: Handshake): string {
  const body = Buffer.from(JSON.stringify(handshake)).toString('base64url')
  return `${PREFIX}${body}.${macOf(key!, appId, body).toString('base64url')}`
}

/** Reads a handshake. Returns undefined if this server did not sign it for this app and purpose, or if it has expired. */
export function verifyHandshake(
  { handshake: keys }: Keys,
  appId: string,
  purpose: Handshake['purpose'],
  text: string,
  now: number,
): Handshake | undefined {
  const [, body, mac] = /^hs1\.([\w-]+)\.([\w-]+)$/.exec(text) ?? []
  if (body === undefined || mac === undefined) return undefined
  const given = Buffer.from(mac, 'base64url')
  const signed = keys.some((key) => {
    const expected = macOf(key, appId, body)
    return expected.length === given.length && timingSafeEqual(expected, given)
  })
  if (!signed) return undefined
  const handshake = JSON.parse(Buffer.from(body, 'base64url').toString()) as Handshake
  return handshake.purpose === purpose && handshake.expiresAt > now ? handshake : undefined
}
