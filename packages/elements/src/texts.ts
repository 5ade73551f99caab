import type { PasskeyErrorCode } from './passkey-error.ts'

/** Every word the elements show. */
export interface Texts {
  readonly identifier: string
  readonly signIn: string
  readonly signInHint: string
  readonly signUp: string
  readonly toSignUp: string
  readonly toSignIn: string
  /** While the browser's prompt is open. */
  readonly waiting: string
  readonly done: string
  readonly missingIdentifier: string
  readonly errors: Readonly<Record<PasskeyErrorCode, string>>
}

/** A catalogue to change some words of: what is left out stays as it was. */
export type PartialTexts = Partial<Omit<Texts, 'errors'>> & { readonly errors?: Partial<Texts['errors']> }

export const english: Texts = {
  identifier: 'Email or name',
  signIn: 'Sign in with a passkey',
  signInHint: 'Leave it empty to choose among the passkeys on this device.',
  signUp: 'Create a passkey',
  toSignUp: 'New here? Create an account',
  toSignIn: 'Have an account? Sign in',
  waiting: 'Follow your browser’s prompt…',
  done: 'You are signed in.',
  missingIdentifier: 'Enter your email or a name.',
  errors: {
    'unknown-user': 'Nobody goes by that name here yet.',
    'no-passkey': 'That account has no passkey yet.',
    inactive: 'That account is switched off. Ask whoever runs this site.',
    rejected: 'That passkey was not accepted. Try again, or use another one.',
    taken: 'That name is taken. If it is yours, sign in instead.',
    'invalid-identifier': 'That name cannot be used. Try another one.',
    closed: 'Accounts are made by invitation here, and this one cannot be used. Ask for a new link.',
    cancelled: 'The prompt was closed or timed out. Nothing has changed.',
    'has-passkey': 'This device already holds a passkey for that name. Sign in with it instead.',
    unsupported: 'This browser has no passkeys. Update it, or use another one.',
    'wrong-address': 'Passkeys do not work at this address. Open the page at the one it was set up for.',
    throttled: 'Too many tries. Wait a minute, then try again.',
    unreachable: 'The server does not answer. Check your connection, then try again.',
    failed: 'That did not work. Please try again.',
  },
}

export const withTexts = (texts: PartialTexts, over: Texts = english): Texts => ({
  ...over,
  ...texts,
  errors: { ...over.errors, ...texts.errors },
})
