export { proxy } from './sessions.ts'
export const config = { matcher: ['/page', '/static', '/cached'] }
