import type { Store } from '@tokenkeep/core'

/** The prefix of each `state` of this library. A callback of other code has no such prefix, and is left alone. */
export const STATE = 'tokenkeep-'

/** What the callback must match. It is removed as soon as a callback takes it. */
export interface Asked {
  /** The PKCE code verifier (RFC 7636). */
  readonly verifier: string
  readonly nonce: string
  /** True if the provider was asked with `prompt=none`. */
  readonly isSilent: boolean
  /** Seconds. */
  readonly maxAge?: number | undefined
  readonly acrValues?: string | undefined
  readonly userId?: string | undefined
}

/** A sign-in that this browser began. */
export interface SignInEntry {
  readonly state: string
  /** The transport's key: it names the provider. */
  readonly provider: string
  /** When it began. Milliseconds since the Unix epoch. */
  readonly at: number
  readonly returnTo: string
  /** True if no user asked for it: a guard began it. */
  readonly isAutomatic: boolean
  /** True if its callback opens in a popup. */
  readonly isPopup?: boolean | undefined
  /** Absent once a callback has taken the sign-in. */
  readonly asked?: Asked | undefined
}

/** How long a sign-in waits for its callback. Milliseconds. */
const LIFETIME = 3_600_000
const LIMIT = 10
const KEY = 'sign-ins'

/** The sign-ins of the last hour, ten at most, shared by all tabs. */
export interface SignIns {
  add(entry: SignInEntry): Promise<void>
  /**
   * Takes a sign-in in one transaction, so that only one callback can ever exchange its code. Resolves to the entry as it
   * was before. A sign-in of another provider is not taken.
   */
  take(state: string, provider: string, now: number): Promise<SignInEntry | undefined>
  list(now: number): Promise<readonly SignInEntry[]>
}

/** Shaped like the record of a session, which has a version too, so that every store can keep it. */
interface SignInsRecord {
  readonly v: 1
  readonly entries: readonly SignInEntry[]
}

type Update = (
  key: string,
  change: (record?: SignInsRecord) => SignInsRecord | undefined,
) => Promise<SignInsRecord | undefined>

export function signInsIn(store: Store): SignIns {
  const update = store.update as unknown as Update
  const freshIn = (record: SignInsRecord | undefined, now: number): readonly SignInEntry[] =>
    (record?.entries ?? []).filter(({ at }) => Math.abs(now - at) < LIFETIME)
  return {
    async add(entry) {
      await update.call(store, KEY, (record) => ({
        v: 1,
        entries: [...freshIn(record, entry.at), entry].slice(-LIMIT),
      }))
    },
    async take(state, provider, now) {
      let taken: SignInEntry | undefined
      await update.call(store, KEY, (record) => {
        const entries = freshIn(record, now)
        taken = entries.find((entry) => entry.state === state)
        if (taken?.provider !== provider || !taken.asked) return record
        return {
          v: 1,
          entries: entries.map((each) => (each === taken ? { ...each, asked: undefined } : each)),
        }
      })
      return taken
    },
    list: async (now) => freshIn(await update.call(store, KEY, (record) => record), now),
  }
}
