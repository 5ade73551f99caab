export { findConsole } from './console-files.ts'
export { deriveKeys, readMasterKey } from './keys.ts'
export { createApiKey } from './management-routes.ts'
export { createSessionServer } from './server.ts'
export { openSqlite } from './sqlite-store.ts'

export type { Keys } from './keys.ts'
export type { SessionServer, SessionServerOptions } from './server.ts'
export type { App, Store } from './store.ts'
