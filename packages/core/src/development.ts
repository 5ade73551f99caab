/**
 * True in the development build, which Node runs too, and in tests. The production build for browsers replaces this file, to
 * leave out what they do not need: the sentences of errors, and what lets a Node program end.
 */
export const DEVELOPMENT: boolean = true
