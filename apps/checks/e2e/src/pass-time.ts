import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SessionServer } from './session-server.ts'

/** Makes every sign-in eleven minutes older, as if the page had been left open. */
export function passElevenMinutes({ store }: SessionServer): void {
  const database = new DatabaseSync(join(store, 'tokenkeep.db'))
  database.exec('PRAGMA busy_timeout = 5000')
  database.exec('UPDATE sessions SET created_at = created_at - 660000, auth_time = auth_time - 660000')
  database.close()
}
