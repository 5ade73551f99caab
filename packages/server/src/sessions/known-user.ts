import { isEmail, isPhone } from '@tokenkeep/protocol'
import { formatId } from '../store/ids.ts'

/** Passage's fields for an identifier. An identifier that is neither an e-mail address nor a phone number has none. */
export const toContact = (identifier: string) => ({
  email: isEmail(identifier) ? identifier : '',
  email_verified: false,
  phone: isPhone(identifier) ? identifier : '',
  phone_verified: false,
})

/** A user as a stranger may see them. `identifier`: as the stranger wrote it. */
export const toKnownUser = (
  id: Buffer,
  identifier: string,
  status: 'active' | 'inactive' | 'pending',
  hasPasskey: boolean,
) => ({
  id: formatId(id),
  status,
  ...toContact(identifier),
  user_metadata: null,
  webauthn: hasPasskey,
  webauthn_types: hasPasskey ? ['passkey'] : [],
})
