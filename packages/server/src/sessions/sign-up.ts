import type { SignUpRequest } from '@tokenkeep/protocol'
import { ApiError } from '../errors.ts'
import { hashSecret } from '../tokens/api-keys.ts'
import { formatId, newId, parseId } from '../store/ids.ts'
import type { Invitation } from '../store/invitations.ts'
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

export const taken = (): ApiError => new ApiError('conflict', 'this user exists already: sign in')
const notInvited = (): ApiError =>
  new ApiError('operation_not_allowed', 'this app needs a valid invitation: ask an administrator')

/** Finds the invitation. Throws {@link ApiError} `operation_not_allowed` if it is not valid, or if one is missing. */
async function requireInvitation(
  { store, app, now }: CeremonyContext,
  hash: Buffer | undefined,
): Promise<Invitation | undefined> {
  const found = hash && (await store.invitations.find(app.id, hash, now))
  if (found || (app.public_signup && !hash)) return found
  throw notInvited()
}

/** Whether the invitation, or public sign-up, still lets somebody sign up. Both can have changed since the start. */
const mayStillSignUp = async ({ store, app, now }: CeremonyContext, hash: Buffer | undefined) =>
  hash ? await store.invitations.find(app.id, hash, now) : (await store.apps.find(app.id))?.public_signup

/**
 * Starts a sign-up, or the replacement of the passkeys of the user whom the invitation names. It writes nothing: the name
 * stays free until a passkey is verified.
 */
export async function startSignUp(
  context: CeremonyContext,
  { identifier, invitation, authenticator_attachment: attachment }: SignUpRequest,
) {
  const { store, app } = context
  const hash = invitation === undefined ? undefined : hashSecret(invitation)
  const invited = await requireInvitation(context, hash)
  const invitedUser = invited?.user_id && (await store.users.find(app.id, invited.user_id))
  if (invited?.user_id && !invitedUser) throw notInvited()
  if (!invitedUser && identifier === undefined)
    throw new ApiError('invalid_request', 'identifier: is needed for a new user')
  if (!invitedUser && (await store.users.findByIdentifier(app.id, identifier!))) throw taken()

  const id = invitedUser ? invitedUser.id : newId()
  const name = invitedUser ? invitedUser.identifier : identifier!
  const user = formatId(id)
  const begun = beginCeremony(context, await creationOptions(app, id, name, { attachment }), {
    purpose: 'sign-up',
    user,
    ...(!invitedUser && { identifier: name }),
    ...(hash && { invitation: hash.toString('base64url') }),
  })
  return { ...begun, user: toKnownUser(id, name, invitedUser?.status ?? 'pending', false) }
}

/** Verifies the new passkey, adds its user or replaces the passkeys of the invited user, and returns the user's id. */
export async function finishSignUp(
  context: CeremonyContext,
  handshakeId: string,
  response: unknown,
  expectedUserId: string | undefined,
): Promise<Buffer> {
  const { store, app, now, by } = context
  const handshake = readHandshake(context, 'sign-up', handshakeId)
  if (expectedUserId !== undefined && expectedUserId !== handshake.user) throw passkeyRejected()
  const passkey = await verifyCreation(app, handshake, response)
  const { identifier, invitation } = handshake
  const hash = invitation === undefined ? undefined : Buffer.from(invitation, 'base64url')
  await useUp(context, handshake)
  const done =
    identifier === undefined
      ? await store.accounts.replacePasskeys(app.id, passkey, hash!, by('user'), now)
      : await store.accounts.signUp(app.id, identifier, passkey, hash, by('user'), now)
  if (!done) throw (await mayStillSignUp(context, hash)) ? taken() : notInvited()
  return parseId(handshake.user!)!
}
