import type { Dialect } from './database.ts'

/** What the dialect of Passage needs. The defaults are what every app did before. */
export const passage = (d: Dialect): string => `
  ALTER TABLE apps ADD COLUMN user_lookup TEXT NOT NULL DEFAULT 'by-sign-up'
    CHECK (user_lookup IN ('by-sign-up', 'exact', 'uniform'));
  ALTER TABLE apps ADD COLUMN user_metadata_schema TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE passkeys ADD COLUMN uses ${d.integer} NOT NULL DEFAULT 0;
`
