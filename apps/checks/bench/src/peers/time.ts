import type { Client } from './peer.ts'

/** Nanoseconds per call of `calls` to a client, one after the other. */
export async function time(client: Client, calls: number): Promise<number> {
  const since = performance.now()
  for (let call = 0; call < calls; call++) await client.token()
  return ((performance.now() - since) * 1e6) / calls
}
