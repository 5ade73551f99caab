/**
 * True in the development build, which Node runs too, and in tests. The production build replaces this file. So it leaves
 * out what browsers do not need: the sentences of errors, and the code that lets a Node program end.
 */
export const DEVELOPMENT: boolean = true
