import { sql, type Database } from './database.ts'

/** Locks with a time limit, for work that only one process may do at a time. */
export const leases = (database: Database) => ({
  /** Takes or extends the lease until `until` (milliseconds). Returns false while another holder has it. */
  async acquire(name: string, holder: string, now: number, until: number): Promise<boolean> {
    const taken = await database.queryInBackground(sql`
      INSERT INTO leases (name, holder, until) VALUES (${name}, ${holder}, ${until})
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.until < ${now} OR leases.holder = excluded.holder
      RETURNING name`)
    return taken.length > 0
  },
  /** Gives the lease up early, if this holder has it. */
  async release(name: string, holder: string): Promise<void> {
    await database.queryInBackground(sql`DELETE FROM leases WHERE name = ${name} AND holder = ${holder}`)
  },
})
