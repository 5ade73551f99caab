import { createHmac } from 'node:crypto'
import { foldIdentifier } from '@tokenkeep/protocol'
import type { App } from '../store/apps.ts'
import { formatId } from '../store/ids.ts'
import type { Keys } from '../tokens/derived-keys.ts'

/** Lengths of credential ids that common authenticators make, in bytes. */
const CREDENTIAL_LENGTHS = [16, 20, 32, 32]

/** What a stranger is told of a name that nobody has, or whose user cannot sign in. */
export interface StandIn {
  readonly userId: Buffer
  readonly credentialId: string
}

/** Whether strangers may learn that a name is taken: they do, as soon as they can sign up under a free one. */
export const mayLearnNames = ({ user_lookup, public_signup }: App): boolean =>
  user_lookup === 'by-sign-up' ? public_signup : user_lookup === 'exact'

/**
 * Makes up a user and a passkey. They are the same each time, so that a stranger who asks twice learns nothing (WebAuthn
 * section 14.6.2).
 */
export function standIn({ handshake: [key] }: Keys, app: App, identifier: string): StandIn {
  const derive = (what: string): Buffer =>
    createHmac('sha512', key!)
      .update(`stand-in ${what} ${app.id} ${foldIdentifier(identifier)}`)
      .digest()
  const credential = derive('passkey')
  const length = CREDENTIAL_LENGTHS[credential.at(-1)! % CREDENTIAL_LENGTHS.length]!
  return { userId: derive('user').subarray(0, 16), credentialId: formatId(credential.subarray(0, length)) }
}
