import { sql, type Database } from './database.ts'

/** What only one process may do at a time. */
export const leases = (database: Database) => ({
  /** True for the holder until `until` (ms), and for nobody else meanwhile. */
  async take(name: string, holder: string, now: number, until: number): Promise<boolean> {
    const taken = await database.rows(sql`
      INSERT INTO leases (name, holder, until) VALUES (${name}, ${holder}, ${until})
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.until < ${now} OR leases.holder = excluded.holder
      RETURNING name`)
    return taken.length > 0
  },
  /** Ends it before its time, where it is this holder's. */
  async end(name: string, holder: string): Promise<void> {
    await database.rows(sql`DELETE FROM leases WHERE name = ${name} AND holder = ${holder}`)
  },
})
