import { englishAccount, type AccountTexts } from './account-texts.ts'
import { englishErrors } from './english-errors.ts'
import type { PasskeyErrorCode } from './passkey-error-code.ts'

/** Every text that the elements show. */
export interface Texts {
  /** The language of the texts, as in the attribute `lang` (RFC 5646). Times are written in it. */
  readonly language: string
  /** The label of the input. */
  readonly identifier: string
  /** The button that signs in. */
  readonly signIn: string
  /** The hint below the input of the sign-in form. */
  readonly signInHint: string
  /** The button that signs up. */
  readonly signUp: string
  /** The hint below the input of the sign-up form, if the page has an invitation. */
  readonly invitedHint: string
  /** The button that changes to the sign-up form. */
  readonly toSignUp: string
  /** The button that changes to the sign-in form. */
  readonly toSignIn: string
  /** Shown while the browser's prompt is open. */
  readonly waiting: string
  /** Shown after a sign-in. */
  readonly done: string
  /** The button that confirms who the user is. */
  readonly reauthenticate: string
  /** Says why the user is asked again. */
  readonly reauthenticateHint: string
  /** Shown after the user has confirmed. */
  readonly reauthenticated: string
  /** Shown if a user signs up without an identifier. */
  readonly missingIdentifier: string
  readonly errors: Readonly<Record<PasskeyErrorCode, string>>
  readonly account: AccountTexts
}

/** The texts that a page replaces. A missing text stays English. */
export type PartialTexts = Partial<Omit<Texts, 'errors' | 'account'>> & {
  readonly errors?: Partial<Texts['errors']>
  readonly account?: Partial<AccountTexts>
}

/**
 * The English texts, which the elements show by default.
 *
 * @example
 * ```ts
 * import { english, type AuthElement } from '@tokenkeep/elements/define'
 *
 * const element: AuthElement = document.createElement('tokenkeep-auth')
 * element.texts = { ...english, signIn: 'Continue with a passkey' }
 * ```
 */
export const english: Texts = {
  language: 'en',
  identifier: 'Email or name',
  signIn: 'Sign in with a passkey',
  signInHint: 'Leave this empty to choose a passkey on this device.',
  signUp: 'Create a passkey',
  invitedHint: 'Leave this empty if the invitation replaces a passkey that you lost.',
  toSignUp: 'New here? Create an account',
  toSignIn: 'Already have an account? Sign in',
  waiting: 'Follow your browser’s prompt…',
  done: 'You are signed in.',
  reauthenticate: 'Confirm with your passkey',
  reauthenticateHint: 'Confirm that it is you. You stay signed in.',
  reauthenticated: 'Confirmed.',
  missingIdentifier: 'Enter your email or name.',
  errors: englishErrors,
  account: englishAccount,
}

/** Completes `texts` with the texts of `base`. */
export const withTexts = (texts: PartialTexts, base: Texts = english): Texts => ({
  ...base,
  ...texts,
  errors: { ...base.errors, ...texts.errors },
  account: { ...base.account, ...texts.account },
})
