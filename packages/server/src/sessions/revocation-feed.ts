import type { Revocation } from '@tokenkeep/protocol'
import { showId } from '../store/ids.ts'
import type { FeedPage, Revocation as Row } from '../store/revocations.ts'
import type { Store } from '../store/store.ts'

/** How far back the feed tells: as long as an auth token lives where refresh tokens are on. Seconds. */
export const feedWindow = 600
/** How often a process that is followed looks for what others committed. ms. */
const interval = 200

export interface FeedAnswer {
  readonly revocations: readonly Revocation[]
  readonly cursor: string
}

export interface Feed {
  /** What ended since the cursor, or within the window; undefined where that is no cursor. */
  page(appId: string, since?: string): Promise<FeedAnswer | undefined>
  /** Tells `listener` what ends from now on, and `over` once, when this feed can't go on. Returns how to stop. */
  follow(appId: string, listener: (entries: readonly Revocation[]) => void, over: () => void): () => void
  /** Ends for everybody. */
  close(): void
}

const seconds = (ms: number): number => Math.floor(ms / 1000)

/** An entry's id is where to resume from after it: whatever may still be committed beside it comes again. */
function show(row: Row, horizon: number): Revocation {
  const base = { id: `${Math.min(row.position, horizon)}.${row.id}`, at: seconds(row.at) }
  if (row.type === 'app') return { ...base, type: 'app', not_before: seconds(row.not_before!) }
  const user_id = showId(row.user_id!)
  const session_id = row.session_id && showId(row.session_id)
  if (row.type === 'session') return { ...base, type: 'session', session_id: session_id!, user_id }
  return { ...base, type: 'user', user_id, epoch: row.epoch!, ...(session_id && { except: session_id }) }
}

const answer = ({ entries, horizon }: FeedPage): FeedAnswer => ({
  revocations: entries.map((row) => show(row, horizon)),
  cursor: String(horizon),
})

export function createFeed(store: Store, now: () => number): Feed {
  const followers = new Set<{
    appId: string
    listener: (entries: readonly Revocation[]) => void
    over: () => void
  }>()
  let timer: NodeJS.Timeout | undefined
  let position: number | undefined
  let seen = new Set<number>()
  const oldest = (): number => now() - feedWindow * 1000

  const endAll = (): void => {
    const all = [...followers]
    followers.clear()
    for (const { over } of all) over()
  }

  /** One look for all followers of this process. */
  async function look(): Promise<void> {
    try {
      const { entries, horizon } = await store.revocations.since(position ?? 0, oldest())
      const fresh = entries.filter(({ id }) => !seen.has(id))
      seen = new Set(entries.map(({ id }) => id))
      position = horizon
      for (const { appId, listener } of fresh.length ? followers : []) {
        const mine = fresh.filter(({ app_id }) => app_id === appId)
        if (mine.length) listener(mine.map((row) => show(row, horizon)))
      }
    } catch {
      // Who follows must know that nothing can be told now: they come back, and resume where they were.
      endAll()
    }
    if (followers.size) timer = setTimeout(look, interval).unref()
    else [timer, position, seen] = [undefined, undefined, new Set()]
  }

  return {
    async page(appId, since) {
      if (since === undefined) return answer(await store.revocations.since(0, oldest(), appId))
      const from = since.match(/^(\d{1,15})(?:\.\d+)?$/)?.[1]
      if (from === undefined) return undefined
      const page = await store.revocations.since(Number(from), oldest(), appId)
      // A cursor of another database, newer than this one: its revocations are not known here, so tell all.
      return Number(from) > page.horizon ? this.page(appId) : answer(page)
    },
    follow(appId, listener, over) {
      const follower = { appId, listener, over }
      followers.add(follower)
      timer ??= setTimeout(look, 0).unref()
      return () => void followers.delete(follower)
    },
    close: endAll,
  }
}
