import pg from 'pg'
import { expect, it } from 'vitest'
import { places } from '../../test/stores.ts'
import { openStore } from './store.ts'

// https://github.com/keycloak/keycloak/issues/24493: after a failover, open connections lead to a standby.
it('leaves connections that have become read-only, in each pool', async () => {
  const place = await places[1]!.make()
  const client = new pg.Client({ connectionString: place.url })
  await client.connect()
  const name = new URL(place.url).pathname.slice(1)
  const store = await openStore(place.url)
  await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  await expect(store.probe(1)).rejects.toThrow('read-only')
  await expect(store.statistics.deleteBefore('demo', 1, 1)).rejects.toThrow('read-only')
  // The connections that are open now stay read-only.
  await client.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
  let error: unknown = 'none yet'
  for (let i = 0; error !== undefined && i < 20; i++)
    error = await Promise.all([store.probe(2), store.statistics.deleteBefore('demo', 1, 1)]).then(
      () => undefined,
      (reason: unknown) => reason,
    )
  expect(error).toBeUndefined()
  await store.close()
  await client.end()
  place.remove()
})
