import type { SignUpRequest } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { formatId } from '../store/ids.ts'
import type { Passkey } from '../store/passkeys.ts'
import type { User } from '../store/users.ts'
import {
  beginCeremony,
  creationOptions,
  passkeyRejected,
  readHandshake,
  useUp,
  verifyCreation,
  type CeremonyContext,
} from './ceremony.ts'
import { toKnownUser } from './known-user.ts'

interface Addition {
  /** Which authenticators may make the passkey. Default: any. */
  readonly attachment: SignUpRequest['authenticator_attachment']
  /** Whether the options name the passkeys that the user has, so that the browser refuses an authenticator that has one. */
  readonly excludes: boolean
}

/** Starts to add a passkey to a user who is signed in. */
export async function startAdding(
  context: CeremonyContext,
  { id, identifier, status, passkeys }: User,
  { attachment, excludes }: Addition,
) {
  const { store, app } = context
  const known = excludes ? (await store.passkeys.list(app.id, id)).map((passkey) => passkey.id) : []
  const user = formatId(id)
  const begun = beginCeremony(context, await creationOptions(app, id, identifier, { known, attachment }), {
    purpose: 'add',
    user,
  })
  return { ...begun, user: toKnownUser(id, identifier, status, passkeys > 0) }
}

/** Verifies the new passkey, adds it to the user who is signed in, and returns it. */
export async function finishAdding(
  context: CeremonyContext,
  { id, epoch }: User,
  handshakeId: string,
  response: unknown,
): Promise<Passkey> {
  const { store, app, now, by } = context
  const handshake = readHandshake(context, 'add', handshakeId)
  if (handshake.user !== formatId(id)) throw passkeyRejected()
  const passkey = await verifyCreation(app, handshake, response)
  await useUp(context, handshake)
  const added = await store.passkeys.add(app.id, passkey, epoch, by('user'), now)
  const found = await store.passkeys.find(app.id, passkey.id)
  if (added && found) return found
  throw found
    ? new ApiError('conflict', 'this passkey is registered already: use it')
    : new ApiError('invalid_access_token', 'this session has ended meanwhile: sign in again')
}
