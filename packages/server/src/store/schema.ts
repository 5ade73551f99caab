import { administration } from './administration-migration.ts'
import { accounts } from './accounts-migration.ts'
import { assurance } from './assurance-migration.ts'
import { binding } from './binding-migration.ts'
import { foldIdentifiers } from './fold-identifiers.ts'
import { grants } from './grants-migration.ts'
import { webhooks } from './webhooks-migration.ts'
import type { Migration } from './migration.ts'
import { modes } from './modes-migration.ts'
import { passage } from './passage-migration.ts'

/**
 * Numbered migrations. Each runs once, in order, on either database. Times are milliseconds since the epoch; the
 * lifetimes in an app's settings are seconds. No column that a refresh writes is indexed, so in PostgreSQL its update
 * stays on the row's own page (HOT). The indexes on users contain the columns that the Console's list filters by, so a
 * search reads the index only.
 */
export const migrations: readonly Migration[] = [
  (d) => `
  CREATE TABLE apps (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, auth_origin TEXT NOT NULL, additional_auth_origins TEXT NOT NULL,
    redirect_url TEXT NOT NULL, public_signup ${d.integer} NOT NULL DEFAULT 1, alg TEXT NOT NULL,
    refresh_enabled ${d.integer} NOT NULL DEFAULT 0,
    session_timeout_length ${d.integer} NOT NULL DEFAULT 300,
    refresh_absolute_lifetime ${d.integer} NOT NULL DEFAULT 2592000,
    refresh_inactivity_lifetime ${d.integer} NOT NULL DEFAULT 604800,
    not_before ${d.integer} NOT NULL DEFAULT 0,
    version ${d.integer} NOT NULL DEFAULT 1,
    created_at ${d.integer} NOT NULL,
    CHECK (refresh_enabled IN (0, 1) AND public_signup IN (0, 1)),
    CHECK (alg IN ('EdDSA', 'ES256', 'RS256')),
    CHECK (session_timeout_length BETWEEN 5 AND 86400),
    CHECK (refresh_absolute_lifetime BETWEEN 0 AND 34560000),
    CHECK (refresh_inactivity_lifetime BETWEEN 0 AND 34560000),
    CHECK (refresh_enabled = 0 OR session_timeout_length <= 600),
    CHECK (refresh_enabled = 0 OR refresh_absolute_lifetime > 0 OR refresh_inactivity_lifetime > 0)
  ) ${d.table};
  CREATE TABLE users (
    id ${d.bytes} PRIMARY KEY, app_id TEXT NOT NULL, identifier TEXT NOT NULL, folded TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'inactive', 'pending')),
    epoch ${d.integer} NOT NULL DEFAULT 0, metadata TEXT NOT NULL DEFAULT '{}',
    created_at ${d.integer} NOT NULL, updated_at ${d.integer} NOT NULL,
    last_login_at ${d.integer}, login_count ${d.integer} NOT NULL DEFAULT 0,
    UNIQUE (app_id, identifier)
  ) ${d.table};
  CREATE INDEX users_by_folded ON users (app_id, folded, id, created_at, status);
  CREATE INDEX users_by_age ON users (app_id, created_at, id, folded, status);
  CREATE INDEX users_by_login ON users (app_id, last_login_at, id);
  CREATE TABLE sessions (
    user_id ${d.bytes} NOT NULL, id ${d.bytes} NOT NULL, app_id TEXT NOT NULL,
    user_epoch ${d.integer} NOT NULL, generation ${d.integer} NOT NULL,
    rotated_at ${d.integer} NOT NULL, active_at ${d.integer} NOT NULL, attempts TEXT NOT NULL,
    created_at ${d.integer} NOT NULL, absolute_at ${d.integer} NOT NULL, inactivity ${d.integer} NOT NULL,
    ended_at ${d.integer}, end_reason TEXT, ip TEXT, user_agent TEXT,
    PRIMARY KEY (user_id, id)
  ) ${d.hotTable};
  CREATE INDEX sessions_by_end ON sessions (absolute_at);
  CREATE TABLE passkeys (
    app_id TEXT NOT NULL, id TEXT NOT NULL, user_id ${d.bytes} NOT NULL,
    public_key ${d.bytes} NOT NULL, counter ${d.integer} NOT NULL,
    name TEXT NOT NULL DEFAULT '', created_at ${d.integer} NOT NULL, last_used_at ${d.integer},
    PRIMARY KEY (app_id, id)
  ) ${d.table};
  CREATE INDEX passkeys_by_user ON passkeys (user_id);
  CREATE TABLE handshakes (
    id ${d.bytes} PRIMARY KEY, app_id TEXT NOT NULL, purpose TEXT NOT NULL, user_id ${d.bytes},
    challenge TEXT NOT NULL, invitation ${d.bytes}, expires_at ${d.integer} NOT NULL
  ) ${d.table};
  CREATE INDEX handshakes_by_end ON handshakes (expires_at);
  CREATE TABLE signing_keys (
    kid TEXT PRIMARY KEY, app_id TEXT NOT NULL, alg TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('next', 'current', 'previous')),
    public_jwk TEXT NOT NULL, wrapped ${d.bytes} NOT NULL,
    created_at ${d.integer} NOT NULL, activates_at ${d.integer}, retires_at ${d.integer}
  ) ${d.table};
  CREATE UNIQUE INDEX one_next_key ON signing_keys (app_id) WHERE state = 'next';
  CREATE UNIQUE INDEX one_current_key ON signing_keys (app_id) WHERE state = 'current';
  CREATE INDEX signing_keys_by_app ON signing_keys (app_id);
  CREATE TABLE api_keys (
    hash ${d.bytes} PRIMARY KEY, id ${d.bytes} NOT NULL, app_id TEXT NOT NULL, name TEXT NOT NULL, hint TEXT NOT NULL,
    created_at ${d.integer} NOT NULL, last_used_at ${d.integer}
  ) ${d.table};
  CREATE INDEX api_keys_by_app ON api_keys (app_id);
  CREATE TABLE invitations (
    hash ${d.bytes} PRIMARY KEY, app_id TEXT NOT NULL, purpose TEXT NOT NULL, expires_at ${d.integer} NOT NULL
  ) ${d.table};
  CREATE TABLE events (
    id ${d.serial}, at ${d.integer} NOT NULL, app_id TEXT NOT NULL, type TEXT NOT NULL,
    user_id ${d.bytes}, identifier TEXT, session_id ${d.bytes}, actor TEXT, data TEXT
  );
  CREATE INDEX events_by_app ON events (app_id, id);
  CREATE INDEX events_by_user ON events (user_id, id);
  CREATE INDEX events_by_age ON events (at);
  CREATE TABLE revocations (
    id ${d.serial}, position ${d.integer} NOT NULL DEFAULT ${d.feed.default}, at ${d.integer} NOT NULL,
    app_id TEXT NOT NULL, type TEXT NOT NULL CHECK (type IN ('session', 'user', 'app')),
    user_id ${d.bytes}, session_id ${d.bytes}, epoch ${d.integer}, not_before ${d.integer}
  );
  CREATE INDEX revocations_by_position ON revocations (position);
  CREATE TABLE statistics (
    app_id TEXT NOT NULL, at ${d.integer} NOT NULL,
    sign_ins ${d.integer} NOT NULL DEFAULT 0, refreshes ${d.integer} NOT NULL DEFAULT 0,
    replays ${d.integer} NOT NULL DEFAULT 0, reuses ${d.integer} NOT NULL DEFAULT 0,
    fast_forwards ${d.integer} NOT NULL DEFAULT 0, refusals ${d.integer} NOT NULL DEFAULT 0,
    sign_outs ${d.integer} NOT NULL DEFAULT 0, live_sessions ${d.integer},
    PRIMARY KEY (app_id, at)
  ) ${d.table};
  CREATE TABLE leases (name TEXT PRIMARY KEY, holder TEXT NOT NULL, until ${d.integer} NOT NULL) ${d.table};
  CREATE TABLE probe (id ${d.integer} PRIMARY KEY CHECK (id = 1), at ${d.integer} NOT NULL);
  `,
  // Housekeeping looks for pending users, which are few among millions of users.
  () => `CREATE INDEX users_pending ON users (created_at) WHERE status = 'pending'`,
  foldIdentifiers,
  accounts,
  modes,
  grants,
  administration,
  webhooks,
  passage,
  binding,
  assurance,
  // Earlier versions let every auth token add a passkey.
  () => `ALTER TABLE apps ADD COLUMN passkey_changes TEXT NOT NULL DEFAULT 'recent-sign-in'
    CHECK (passkey_changes IN ('recent-sign-in', 'any-time'))`,
]

/** Tables that every version has. */
export const tables: readonly string[] = [
  'apps',
  'users',
  'sessions',
  'passkeys',
  'signing_keys',
  'api_keys',
  'invitations',
  'events',
  'revocations',
  'statistics',
  'leases',
  'probe',
]
