import { ApiError } from '../errors.ts'
import type { CeremonyContext } from './ceremony.ts'
import { toKnownUser } from './known-user.ts'
import { taken } from './sign-up.ts'
import { mayLearnNames, standIn } from './stand-in.ts'

/**
 * What a stranger learns about a name: its user, or undefined if there is none. If strangers may not learn names, every name
 * gets the same answer, with another id.
 */
export async function lookUp({ store, keys, app }: CeremonyContext, identifier: string) {
  const user = await store.users.findByIdentifier(app.id, identifier)
  if (!mayLearnNames(app))
    return toKnownUser(user?.id ?? standIn(keys, app, identifier).userId, identifier, 'active', true)
  return user && toKnownUser(user.id, identifier, user.status, user.passkeys > 0)
}

/**
 * Begins a sign-up of a stranger, as Passage's element does, and stores nothing: the name stays free until a passkey is
 * verified. Throws {@link ApiError} `operation_not_allowed` or `conflict`.
 */
export async function claim({ store, keys, app }: CeremonyContext, identifier: string) {
  if (!app.public_signup)
    throw new ApiError('operation_not_allowed', 'Public signup is off: this app needs an invitation')
  if (mayLearnNames(app) && (await store.users.findByIdentifier(app.id, identifier))) throw taken()
  return toKnownUser(standIn(keys, app, identifier).userId, identifier, 'pending', false)
}
