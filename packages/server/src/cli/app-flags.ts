import { flagOf } from './config.ts'
import { CommandError } from './command-error.ts'
import { printable } from '../printable.ts'

/** The flags that have another name than their field of the app. */
const FLAG_OF_FIELD: Readonly<Record<string, string>> = {
  auth_origin: 'authOrigin',
  additional_auth_origins: 'additionalOrigin',
  redirect_url: 'redirectUrl',
  public_signup: 'publicSignup',
  refresh_enabled: 'refresh',
  session_timeout_length: 'authTokenLifetime',
  refresh_absolute_lifetime: 'absolute',
  refresh_inactivity_lifetime: 'inactivity',
  client_auth: 'clientAuth',
  expires_in: 'expiresIn',
  addresses: 'from',
  client_jwks: 'clientJwks',
  user_verification: 'userVerification',
  passkey_changes: 'passkeyChanges',
  user_lookup: 'userLookup',
}

/** What the error for a wrong value of each flag says. */
const MUST: Readonly<Record<string, string>> = {
  id: 'must be 1 to 64 letters, digits, - or _',
  name: 'must be 1 to 100 characters',
  authOrigin: 'must be an origin, such as https://app.example.com',
  additionalOrigin: 'must be origins, such as https://app.example.com',
  redirectUrl: 'must be a URL or a path of 1 to 2000 characters',
  authTokenLifetime:
    'must be a whole number of seconds from 5 to 600, or to 86400 without refresh tokens (session_timeout_length)',
  absolute: 'must be a whole number of seconds from 0 to 34560000 (400 days)',
  inactivity: 'must be a whole number of seconds from 0 to 34560000 (400 days)',
  expiresIn: 'must be a whole number of seconds from 60 to 157680000 (five years), or never',
  from: 'must be IP addresses or ranges, such as 10.0.0.0/8',
  clientJwks: 'must be a file with a JWK set of public keys',
}

/** Throws {@link CommandError}: the value of the flag for this field is wrong. */
export function refuseFlag(flags: Readonly<Record<string, unknown>>, field: string): never {
  const flag = FLAG_OF_FIELD[field] ?? field
  throw new CommandError(
    `${flagOf(flag)} ${printable(String(flags[flag]))}: ${MUST[flag] ?? 'is not possible: see --help'}`,
  )
}

/** Reads a number of seconds. Any text that is not all digits becomes NaN, which no schema accepts. */
export const readSeconds = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN
