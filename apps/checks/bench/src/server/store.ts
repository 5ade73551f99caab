import { openStore } from '../../../../../packages/server/src/store/store.ts'
import { clients } from './postgres.ts'
import { keyOf, rows } from './shapes.ts'

/**
 * Returns the refreshes per second of the session server's store, without HTTP, tokens or signatures. It runs as many
 * refreshes at a time as pgbench has connections, on the same rows. They run in this process, which has no other work.
 */
export async function measureStore(url: string, seconds: number): Promise<number> {
  const store = await openStore(url)
  let done = 0
  let until = 0
  const generations = Array.from({ length: rows }, () => 0)
  const refreshAll = async (first: number): Promise<void> => {
    for (let session = first; performance.now() < until; session = (session + clients) % rows) {
      const [id, generation] = [keyOf(session), generations[session]!]
      const rotated = await store.sessions.rotate({
        appId: 'bench',
        userId: id,
        sessionId: id,
        generation,
        nextGeneration: generation + 1,
        retryIdHash: generation.toString(16).padStart(16, 'a'),
        mayRepeat: false,
        background: false,
        actor: 'system',
        now: Date.now(),
      })
      if (!rotated) throw new Error('a refresh changed no row')
      generations[session] = generation + 1
      done++
    }
  }
  const run = async (ms: number): Promise<number> => {
    done = 0
    const since = performance.now()
    until = since + ms
    await Promise.all(Array.from({ length: clients }, (_, client) => refreshAll(client)))
    return done / ((performance.now() - since) / 1000)
  }
  try {
    // Warms up.
    await run(1000)
    return await run(seconds * 1000)
  } finally {
    await store.close()
  }
}
