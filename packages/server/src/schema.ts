/** Numbered migrations, each run once, in order. Times are milliseconds since the epoch; lifetimes milliseconds. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE apps (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, auth_origin TEXT NOT NULL, redirect_url TEXT NOT NULL,
    refresh_enabled INTEGER NOT NULL DEFAULT 0,
    session_timeout_length INTEGER NOT NULL DEFAULT 300,
    refresh_absolute_lifetime INTEGER NOT NULL DEFAULT 2592000,
    refresh_inactivity_lifetime INTEGER NOT NULL DEFAULT 604800,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK (refresh_enabled = 0 OR session_timeout_length BETWEEN 5 AND 600),
    CHECK (refresh_enabled = 0 OR refresh_absolute_lifetime > 0 OR refresh_inactivity_lifetime > 0)
  ) STRICT;
  CREATE TABLE users (
    id BLOB PRIMARY KEY, app_id TEXT NOT NULL, identifier TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'pending')),
    epoch INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, last_login_at INTEGER, login_count INTEGER NOT NULL DEFAULT 0,
    UNIQUE (app_id, identifier)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sessions (
    user_id BLOB NOT NULL, id BLOB NOT NULL, app_id TEXT NOT NULL,
    user_epoch INTEGER NOT NULL, generation INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL, active_at INTEGER NOT NULL, attempts TEXT NOT NULL,
    created_at INTEGER NOT NULL, absolute_at INTEGER NOT NULL, inactivity INTEGER NOT NULL,
    ended_at INTEGER, end_reason TEXT,
    PRIMARY KEY (user_id, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX sessions_by_end ON sessions (absolute_at);
  CREATE TABLE passkeys (
    id TEXT PRIMARY KEY, app_id TEXT NOT NULL, user_id BLOB NOT NULL,
    public_key BLOB NOT NULL, counter INTEGER NOT NULL, created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX passkeys_by_user ON passkeys (user_id);
  CREATE TABLE handshakes (
    id BLOB PRIMARY KEY, app_id TEXT NOT NULL, purpose TEXT NOT NULL, user_id BLOB,
    challenge TEXT NOT NULL, expires_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY, app_id TEXT NOT NULL UNIQUE, public_jwk TEXT NOT NULL, wrapped BLOB NOT NULL, created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE api_keys (hash BLOB PRIMARY KEY, app_id TEXT NOT NULL, created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE events (
    id INTEGER PRIMARY KEY, at INTEGER NOT NULL, app_id TEXT NOT NULL, type TEXT NOT NULL, user_id BLOB, session_id BLOB
  ) STRICT;
  CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), at INTEGER NOT NULL) STRICT;
  `,
]
