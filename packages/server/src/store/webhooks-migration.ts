import type { Dialect } from './database.ts'

/** Webhooks and their deliveries. The names are our own, because the database may have tables of other programs. */
export const webhooks = (d: Dialect): string => `
  CREATE TABLE tokenkeep_webhooks (
    id ${d.bytes} PRIMARY KEY, app_id TEXT NOT NULL, url TEXT NOT NULL, types TEXT NOT NULL, wrapped ${d.bytes} NOT NULL,
    active ${d.integer} NOT NULL DEFAULT 1, created_at ${d.integer} NOT NULL, collected_at ${d.integer} NOT NULL
  ) ${d.table};
  CREATE TABLE tokenkeep_deliveries (
    id ${d.serial}, webhook_id ${d.bytes} NOT NULL, event_id ${d.integer} NOT NULL,
    attempts ${d.integer} NOT NULL DEFAULT 0, next_at ${d.integer}, last_at ${d.integer}, status ${d.integer}, error TEXT,
    UNIQUE (webhook_id, event_id)
  );
  CREATE INDEX tokenkeep_deliveries_due ON tokenkeep_deliveries (next_at) WHERE next_at IS NOT NULL;
`
