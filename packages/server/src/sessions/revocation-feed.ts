import type { Revocation } from '@tokenkeep/protocol'
import { formatId } from '../store/ids.ts'
import type { FeedPage, Revocation as Row } from '../store/revocations.ts'
import type { Store } from '../store/store.ts'

/** How long every entry stays: the longest lifetime of an auth token if refresh tokens are on. Without them it stays longer. */
export const FEED_WINDOW_SECONDS = 600
/** How often a process with followers reads what other processes committed. */
const POLL_INTERVAL_MS = 200

export interface RevocationPage {
  readonly revocations: readonly Revocation[]
  readonly cursor: string
}

export interface RevocationFeed {
  /** Returns what ended after the cursor `since`, or everything that is still needed if there is no cursor. Undefined if the cursor is malformed. */
  page(appId: string, since?: string): Promise<RevocationPage | undefined>
  /**
   * Calls `onEntries` with what ends from now on, and `onEnd` once if the feed cannot continue. Returns a function that stops
   * following.
   */
  follow(appId: string, onEntries: (entries: readonly Revocation[]) => void, onEnd: () => void): () => void
  /** Ends the feed for all followers. */
  close(): void
}

const toSeconds = (ms: number): number => Math.floor(ms / 1000)

/** Converts a row. The id of an entry is a cursor. It is never beyond the horizon, so no row that commits later is missed. */
function toRevocation(row: Row, horizon: number): Revocation {
  const base = {
    id: `${Math.min(row.position, horizon)}.${row.id}`,
    at: toSeconds(row.at),
    expires_at: Math.ceil(row.needed_until / 1000),
  }
  if (row.dropped !== null) return { ...base, type: 'keys', kids: JSON.parse(row.dropped) as string[] }
  if (row.type === 'app') return { ...base, type: 'app', not_before: toSeconds(row.not_before!) }
  const user_id = formatId(row.user_id!)
  const session_id = row.session_id && formatId(row.session_id)
  if (row.type === 'session') return { ...base, type: 'session', session_id: session_id!, user_id }
  return { ...base, type: 'user', user_id, epoch: row.epoch!, ...(session_id && { except: session_id }) }
}

const toPage = ({ entries, horizon }: FeedPage): RevocationPage => ({
  revocations: entries.map((row) => toRevocation(row, horizon)),
  cursor: String(horizon),
})

export function createRevocationFeed(store: Store, now: () => number): RevocationFeed {
  const followers = new Set<{
    appId: string
    onEntries: (entries: readonly Revocation[]) => void
    onEnd: () => void
  }>()
  let timer: NodeJS.Timeout | undefined
  let position: number | undefined
  let seen = new Set<number>()

  const endAll = (): void => {
    const all = [...followers]
    followers.clear()
    for (const { onEnd } of all) onEnd()
  }

  /** Reads once for all followers of this process. */
  async function poll(): Promise<void> {
    try {
      const { entries, horizon } = await store.revocations.since(position ?? 0, now())
      const unseen = entries.filter(({ id }) => !seen.has(id))
      seen = new Set(entries.map(({ id }) => id))
      position = horizon
      for (const { appId, onEntries } of unseen.length ? followers : []) {
        const ofApp = unseen.filter(({ app_id }) => app_id === appId)
        if (ofApp.length) onEntries(ofApp.map((row) => toRevocation(row, horizon)))
      }
    } catch {
      // A follower must know that the feed is interrupted. It reconnects and resumes from its cursor.
      endAll()
    }
    if (followers.size) timer = setTimeout(poll, POLL_INTERVAL_MS).unref()
    else [timer, position, seen] = [undefined, undefined, new Set()]
  }

  return {
    async page(appId, since) {
      if (since === undefined) return toPage(await store.revocations.since(0, now(), appId))
      const from = since.match(/^(\d{1,15})(?:\.\d+)?$/)?.[1]
      if (from === undefined) return undefined
      const page = await store.revocations.since(Number(from), now(), appId)
      // A cursor beyond the horizon is from another database. It is meaningless here, so return everything.
      return Number(from) > page.horizon ? this.page(appId) : toPage(page)
    },
    follow(appId, onEntries, onEnd) {
      const follower = { appId, onEntries, onEnd }
      followers.add(follower)
      timer ??= setTimeout(poll, 0).unref()
      return () => void followers.delete(follower)
    },
    close: endAll,
  }
}
