/** Characters that a terminal acts upon or that nobody sees: control, format, bidirectional and zero-width ones. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Escapes what a stranger could have typed, so that it cannot move the cursor, colour or hide text: U+001B becomes `\u{1b}`. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)

/** Escapes the same characters in a text that is JSON already, and leaves the ends of its lines: U+202E becomes `\u202e`. */
export const escapeJson = (json: string): string =>
  json.replaceAll(UNPRINTABLE, (character) =>
    character === '\n'
      ? character
      : character
          .split('')
          .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
          .join(''),
  )

/** Writes a value as JSON that a terminal can show. */
export const printableJson = (value: unknown): string => escapeJson(JSON.stringify(value, null, 2))
