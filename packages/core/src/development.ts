/** True in the development build and in tests. The production build replaces this file, to leave out the sentences of errors. */
export const DEVELOPMENT: boolean = true
