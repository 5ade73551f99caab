/**
 * Makes a text safe for a terminal: control characters could move the cursor or hide text, and invisible ones could make two
 * names look alike. Each becomes its code, such as `\u{1b}`.
 */
export const printable = (text: string): string =>
  text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  )
