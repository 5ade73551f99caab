import { z } from 'zod'

/** The greatest length of an identifier and of its folded form, in UTF-16 code units. */
const MAX_LENGTH = 254

/**
 * Characters that are invisible or that change how the text around them looks: control, format (bidirectional, zero-width),
 * unassigned, private and lone surrogate characters, line and paragraph separators, and all that fonts leave out.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u

/** White space, and the zero-width characters and marks of the writing direction that come along when people paste a name. */
const SURROUNDING = /[\s\u200B-\u200F\u202A-\u202E\u2060-\u2069]/u
const isContent = (character: string): boolean => !SURROUNDING.test(character)
/** Removes what surrounds a name. */
const trim = (text: string): string => {
  const characters = Array.from(text)
  return characters.slice(characters.findIndex(isContent), characters.findLastIndex(isContent) + 1).join('')
}

/** The full case folding of one character (Unicode 5.18). Upper case first, so that `ß` and `ss`, `ς` and `σ` become the same. */
const foldCharacter = (character: string): string =>
  // The dotless i is a letter of its own: if it folded to `i`, two different mailboxes would be the same identifier.
  character === 'ı' ? character : character.toUpperCase().toLowerCase()

/**
 * Returns the form in which identifiers are compared: NFKC, full case folding, no surrounding white space or zero-width
 * characters (Unicode 5.18, UAX #15). Two identifiers with the same form are the same identifier.
 *
 * @example
 * ```ts
 * import { foldIdentifier } from '@tokenkeep/protocol'
 *
 * const same = foldIdentifier(' Ada@Example.com') === foldIdentifier('ada@example.com') // true
 * ```
 */
export const foldIdentifier = (identifier: string): string =>
  trim(Array.from(identifier.normalize('NFKC'), foldCharacter).join('').normalize('NFKC'))

const fits = (text: string): boolean => {
  const { length } = foldIdentifier(text)
  return length > 0 && length <= MAX_LENGTH
}

/**
 * The identifier of a user, such as an e-mail address: 1 to 254 characters, none of which is invisible. Surrounding white
 * space and zero-width characters are removed. `foldIdentifier` returns the form in which identifiers are compared.
 *
 * @example
 * ```ts
 * import { identifier } from '@tokenkeep/protocol'
 *
 * const name = identifier.parse(' ada@example.com ') // 'ada@example.com'
 * ```
 */
export const identifier = z
  .string()
  .overwrite(trim)
  .min(1)
  .max(MAX_LENGTH)
  .refine((text) => !HIDDEN.test(text), 'must have no control, invisible or unassigned characters')
  .refine(fits, 'must have at most 254 characters in its normal form (NFKC)')

/**
 * Whether an identifier is an e-mail address: text, an `@`, and text.
 *
 * @example
 * ```ts
 * import { isEmail } from '@tokenkeep/protocol'
 *
 * const yes = isEmail('ada@example.com')
 * ```
 */
export const isEmail = (identifier: string): boolean => /^[^@]+@[^@]+$/.test(identifier)

/**
 * Whether an identifier is a phone number: a plus and digits (E.164).
 *
 * @example
 * ```ts
 * import { isPhone } from '@tokenkeep/protocol'
 *
 * const yes = isPhone('+15005550006')
 * ```
 */
export const isPhone = (identifier: string): boolean => /^\+\d+$/.test(identifier)
