/** True in the development build and in tests. The production build replaces this file, to leave the sentences of errors out. */
export const DEVELOPMENT: boolean = true
