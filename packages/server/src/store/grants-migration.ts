import type { Dialect } from './database.ts'

/**
 * A revocation says until when it is needed; an older row, or one of an older build beside this one, is needed for ten minutes.
 * `dropped` lists signing keys that sign no more. An invitation names its maker, so that it
 * ends with them; who made the older ones is not known by id. An event says from where.
 */
export const grants = (d: Dialect): string => `
  ALTER TABLE revocations ADD COLUMN needed_until ${d.integer};
  ALTER TABLE revocations ADD COLUMN dropped TEXT;
  CREATE INDEX revocations_by_end ON revocations (coalesce(needed_until, at + 600000));
  ALTER TABLE invitations ADD COLUMN maker ${d.bytes};
  ALTER TABLE invitations ADD COLUMN maker_name TEXT;
  DELETE FROM invitations WHERE created_by <> 'system';
  ALTER TABLE events ADD COLUMN actor_name TEXT;
  ALTER TABLE events ADD COLUMN ip TEXT;
  ALTER TABLE events ADD COLUMN user_agent TEXT;
  ALTER TABLE events ADD COLUMN request_id TEXT;
  UPDATE events SET actor_name = substr(actor, 7) WHERE actor LIKE 'admin:%';
`
