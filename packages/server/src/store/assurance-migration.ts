import type { Dialect } from './database.ts'

/** When and how the user last authenticated. Null in earlier sessions: at the sign-in, in an unknown way. */
export const assurance = (d: Dialect): string => `
  ALTER TABLE sessions ADD COLUMN auth_time ${d.integer};
  ALTER TABLE sessions ADD COLUMN amr TEXT;
  ALTER TABLE sessions ADD COLUMN acr TEXT;
`
