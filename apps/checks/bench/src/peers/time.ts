import type { Client } from './peer.ts'

/** Makes `calls` calls to a client, one after the other. Resolves to nanoseconds per call. */
export async function time(client: Client, calls: number): Promise<number> {
  const since = performance.now()
  for (let call = 0; call < calls; call++) await client.token()
  return ((performance.now() - since) * 1e6) / calls
}
