/** The types of Express 5 describe what both versions share. */
declare module 'express-4' {
  export { default } from 'express'
}
