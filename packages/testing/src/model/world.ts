import { signIn } from '@tokenkeep/core/cross-tab'
import type {
  Answer,
  Hint,
  TokenResponse,
  SessionRecord,
  SignedInRecord,
  Version,
} from '@tokenkeep/core/cross-tab'

// The global state of the model, as plain data: tabs, storage, the lock, messages on their way, and the server.

/** A step of a refresh: to read the record, or to send a request and to write the answer. */
export interface Step {
  readonly request?: SignedInRecord
}

/** A tab. All fields are absent in a tab at rest. */
export interface Tab {
  /** The version that the tab wants refreshed: the version of the record when the tab began to want it. */
  readonly target?: Version | undefined
  /** The current step of that refresh: it reads the record, or it has a request to send. Absent while it waits for the lock. */
  readonly step?: Step | undefined
  /** The id of the message whose answer the tab waits for. */
  readonly awaits?: string | undefined
  /** The answer that the tab has received and not yet written. */
  readonly answer?: Answer | undefined
  readonly frozen?: true | undefined
}

/** A refresh request on its way to the server, or its answer on the way back. */
export interface Message {
  readonly id: string
  /** This is a second copy of a request, which the network has delayed. No tab waits for its answer. */
  readonly isCopy?: true
  readonly refreshToken: string
  /** Undefined only for a thief's request. */
  readonly retryId: string | undefined
  readonly lastRetryId?: string | undefined
  readonly answer?: Answer | undefined
}

/** A session at the server. */
export interface ServerSession {
  /** The current generation. */
  readonly generation: number
  /** For each earlier generation, the retry id that used it up. Undefined if the refresh named none, as only a thief's does. */
  readonly retryIds: Readonly<Record<number, string | undefined>>
  readonly ended: boolean
}

export interface Server {
  readonly sessions: Readonly<Record<string, ServerSession>>
  /** Whether the server has recorded a theft. Without a thief, that is always an error. */
  readonly alarm: boolean
}

/**
 * What a thief takes: a refresh token; a refresh request; the answer to one; both of them; or the whole record. A request
 * has a retry id, an answer has none.
 */
export const loots = ['token', 'request', 'answer', 'exchange', 'record'] as const
export type Loot = (typeof loots)[number]

/** A thief. He takes his loot once, at any moment, and then sends requests of his own. */
export interface Thief {
  readonly loot: Loot
  readonly hasStolen: boolean
  /** How many requests he may still send. */
  readonly uses: number
  /** The refresh tokens of one session that he has: stolen, or got from the server. */
  readonly tokens: readonly string[]
  /** The retry ids that he knows: stolen, or his own. */
  readonly retryIds: readonly string[]
  /** The epoch of a stolen record. */
  readonly epoch?: string | undefined
  /** The newest generation that the server gave him. */
  readonly served?: number | undefined
  /** Who was served in turn: nobody yet; the thief; then the owner, with a newer token; then the thief again. */
  readonly turns: 0 | 1 | 2 | 3
  /** The server treated a refresh of the thief as the owner's. */
  readonly isMistaken?: true
}

/** How often each kind of event may still happen. Infinity: any number of times. */
export interface Budgets {
  /** A tab wants a refresh. All other kinds are faults. */
  readonly refresh: number
  readonly crash: number
  readonly loss: number
  readonly duplicate: number
  readonly timeout: number
  readonly freeze: number
  readonly bypass: number
  readonly signOut: number
  readonly signIn: number
  readonly clear: number
}

/** Any number of refreshes, and each of the nine kinds of faults at most `times` times. */
export const faults = (times: number): Budgets => ({
  refresh: Infinity,
  crash: times,
  loss: times,
  duplicate: times,
  timeout: times,
  freeze: times,
  bypass: times,
  signOut: times,
  signIn: times,
  clear: times,
})

export interface World {
  /** The record in the storage. */
  readonly record: SessionRecord | undefined
  /** The hint of a page that was left while it signed out. Undefined after the next transaction, which writes the sign-out. */
  readonly lastHint: Hint | undefined
  /** The index of the tab that holds the lock. */
  readonly lockHolder: number | undefined
  readonly tabs: readonly Tab[]
  readonly network: readonly Message[]
  readonly server: Server
  readonly budgets: Budgets
  /** The number of the next id, of any kind. */
  readonly nextId: number
  /** The session that the user signed in to last. Undefined if the user has ended it. */
  readonly intended: { readonly epoch: string; readonly sessionId: string } | undefined
  /** The ids of the sessions that the user has ended: by a sign-out, by another sign-in, or by clearing the storage. */
  readonly abandoned: readonly string[]
  /** Whether the storage was cleared. Then no tab can tell the server about the abandoned sessions. */
  readonly cleared: boolean
  /** Whether a request names the last retry id too, as in cookie mode. */
  readonly sendsLast: boolean
  /** Absent: all clients are honest. */
  readonly thief?: Thief | undefined
}

export const tokenResponse = (sessionId: string, generation: number): TokenResponse => ({
  session: { id: sessionId, userId: sessionId, renewable: true },
  token: `${sessionId}.${generation}`,
  lifetime: 1,
  refreshToken: `${sessionId}:${generation}`,
})

interface ParsedToken {
  readonly sessionId: string
  readonly generation: number
}

const parsed = new Map<string, ParsedToken>()

/** Parses a refresh token of the model. Cached, because the checkers call it for every state. */
export function parseRefreshToken(refreshToken: string): ParsedToken {
  let found = parsed.get(refreshToken)
  if (!found) {
    const [sessionId, generation] = refreshToken.split(':')
    parsed.set(refreshToken, (found = { sessionId: sessionId!, generation: Number(generation) }))
  }
  return found
}

export const isSignedIn = (record: SessionRecord | undefined): record is SignedInRecord => !!record?.session

/** The version that a tab sees when it reads the record. */
export const versionOf = (record: SessionRecord | undefined): Version | undefined =>
  isSignedIn(record) ? { epoch: record.epoch, generation: record.generation } : undefined

/** How many requests a thief sends. */
const THIEF_USES = 3

/** The initial world: one user who is signed in, and `tabs` tabs at rest. With `loot`, there is a thief. */
export function initialWorld(tabs: number, budgets: Budgets, loot?: Loot, sendsLast = true): World {
  const record = signIn('e0', tokenResponse('s0', 0), 0)(undefined)
  return {
    record,
    lastHint: undefined,
    lockHolder: undefined,
    tabs: Array.from({ length: tabs }, () => ({})),
    network: [],
    server: { sessions: { s0: { generation: 0, retryIds: {}, ended: false } }, alarm: false },
    budgets,
    nextId: 1,
    intended: { epoch: 'e0', sessionId: 's0' },
    abandoned: [],
    cleared: false,
    sendsLast,
    thief: loot && { loot, hasStolen: false, uses: THIEF_USES, tokens: [], retryIds: [], turns: 0 },
  }
}
