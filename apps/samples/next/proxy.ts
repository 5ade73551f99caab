// Refreshes ahead, before a page is rendered. The page sees the new cookies.
export { proxy } from './sessions'
export const config = { matcher: ['/((?!_next/static|_next/image).*)'] }
