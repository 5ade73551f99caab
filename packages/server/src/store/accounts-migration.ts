import type { Dialect } from './database.ts'

/**
 * Where identifiers come from, and invitations that can be listed. A user with a passkey has claimed the identifier: earlier
 * versions gave a first passkey only at a sign-up. Nothing is stored for a ceremony until it is finished.
 */
export const accounts = (d: Dialect): string => `
  DROP INDEX users_pending;
  ALTER TABLE users ADD COLUMN origin TEXT NOT NULL DEFAULT 'vouched' CHECK (origin IN ('claimed', 'vouched'));
  UPDATE users SET origin = 'claimed' WHERE EXISTS (SELECT 1 FROM passkeys p WHERE p.user_id = users.id) OR EXISTS (
    SELECT 1 FROM events e WHERE e.user_id = users.id AND e.type = 'user-created' AND e.actor = 'user');
  DROP TABLE handshakes;
  CREATE TABLE used_handshakes (id ${d.bytes} PRIMARY KEY, expires_at ${d.integer} NOT NULL) ${d.table};
  CREATE INDEX used_handshakes_by_end ON used_handshakes (expires_at);
  DROP TABLE invitations;
  CREATE TABLE invitations (
    hash ${d.bytes} PRIMARY KEY, id ${d.bytes} NOT NULL, app_id TEXT NOT NULL, user_id ${d.bytes},
    is_first ${d.integer} NOT NULL, created_by TEXT NOT NULL,
    created_at ${d.integer} NOT NULL, expires_at ${d.integer} NOT NULL
  ) ${d.table};
  CREATE INDEX invitations_by_app ON invitations (app_id);
`
