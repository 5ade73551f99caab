import type { Dialect } from './database.ts'

/**
 * What API keys and administrators may do. An earlier key may do everything, from everywhere and without end, and an earlier
 * administrator is an owner.
 */
export const administration = (d: Dialect): string => `
  ALTER TABLE api_keys ADD COLUMN scopes TEXT;
  ALTER TABLE api_keys ADD COLUMN expires_at ${d.integer};
  ALTER TABLE api_keys ADD COLUMN addresses TEXT NOT NULL DEFAULT '[]';
  ALTER TABLE api_keys ADD COLUMN last_used_from TEXT;
  ALTER TABLE users ADD COLUMN role TEXT CHECK (role IN ('owner', 'admin', 'support', 'auditor'));
  ALTER TABLE invitations ADD COLUMN role TEXT;
`
