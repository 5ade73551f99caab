export { AuthElement, LoginElement, RegisterElement } from './auth-element.ts'
export { german } from './german.ts'
export { registerTokenManager } from './managers.ts'
export { isPasskeyError, PasskeyError } from './passkey-error.ts'
export { createPasskeys, supportsAutofill, supportsPasskeys } from './passkeys.ts'
export { english } from './texts.ts'
export { theme, themeDeclarations } from './theme.ts'

export type { AuthElementEvents } from './auth-element.ts'
export type { ElementTokenManager } from './managers.ts'
export type { PasskeyErrorCode } from './passkey-error-code.ts'
export type { PasskeyErrorDetails } from './passkey-error.ts'
export type {
  AutofillOptions,
  CeremonyOptions,
  Passkeys,
  PasskeysOptions,
  SignUpOptions,
} from './passkeys.ts'
export type { PartialTexts, Texts } from './texts.ts'
export type { ThemeProperty } from './theme.ts'
