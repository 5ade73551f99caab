/** Characters that a terminal acts upon or that nobody sees: control, format, bidirectional and zero-width ones. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** Escapes what a stranger could have typed, so that it cannot move the cursor, colour or hide text: U+001B becomes `\u{1b}`. */
export const printable = (text: string): string =>
  text.replaceAll(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
