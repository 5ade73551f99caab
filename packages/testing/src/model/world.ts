import { signIn } from '@tokenkeep/core/cross-tab'
import type {
  Answer,
  TokenResponse,
  SessionRecord,
  SignedInRecord,
  Step,
  Version,
} from '@tokenkeep/core/cross-tab'

// Everything a run can depend on, as plain data: tabs, storage, the lock, messages on their way, and the server.

/** At rest where it wants nothing. */
export interface Tab {
  /** It wants a refresh of the version that it saw when the wish came up. */
  readonly wants?: Version | undefined
  /** Where that refresh stands. Undefined: it waits for the lock. */
  readonly step?: Step | undefined
  /** The message whose answer the refresh waits for. */
  readonly awaits?: string | undefined
  /** What it has heard, and not yet written down. */
  readonly answer?: Answer | undefined
  readonly frozen?: true | undefined
}

/** A refresh on its way to the server, or the answer on its way back. */
export interface Message {
  readonly id: string
  /** A second copy, delayed somewhere on the way: its answer finds nobody. */
  readonly late?: true
  readonly refreshToken: string
  readonly retryId: string
  readonly lastRetryId?: string | undefined
  readonly answer?: Answer | undefined
}

/** A session at the server: its current generation, and the retryIds that used up the ones before. */
export interface ServerSession {
  readonly generation: number
  readonly retryIds: Readonly<Record<number, string>>
  readonly ended: boolean
}

export interface Server {
  readonly sessions: Readonly<Record<string, ServerSession>>
  /** True once a refresh was taken for theft. All clients here are honest. */
  readonly alarm: boolean
}

/** How often each thing may still happen; Infinity where nobody counts. */
export interface Budgets {
  /** A tab wants a refresh, for the first time or again. */
  readonly start: number
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

/** Each of the nine faults so many times, with any number of refreshes. */
export const faults = (times: number): Budgets => ({
  start: Infinity,
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
  readonly record: SessionRecord | undefined
  readonly holder: number | undefined
  readonly tabs: readonly Tab[]
  readonly net: readonly Message[]
  readonly server: Server
  readonly left: Budgets
  /** Counts ids of every kind. */
  readonly ids: number
  /** The session the person signed in to, and has not signed out of: epoch and session id. */
  readonly wanted: { readonly epoch: string; readonly sessionId: string } | undefined
  /** Sessions the person has left. With storage cleared, nobody can tell the server of them. */
  readonly leftBehind: readonly string[]
  readonly cleared: boolean
}

export const grant = (sessionId: string, generation: number): TokenResponse => ({
  session: { id: sessionId, userId: sessionId, renewable: true },
  token: `${sessionId}.${generation}`,
  lifetime: 1,
  refreshToken: `${sessionId}:${generation}`,
})

const parsed = new Map<string, { readonly sessionId: string; readonly generation: number }>()

export function parse(refreshToken: string): { readonly sessionId: string; readonly generation: number } {
  let found = parsed.get(refreshToken)
  if (!found) {
    const [sessionId, generation] = refreshToken.split(':')
    parsed.set(refreshToken, (found = { sessionId: sessionId!, generation: Number(generation) }))
  }
  return found
}

export const isIn = (record: SessionRecord | undefined): record is SignedInRecord => !!record?.session

/** What a tab that looks at the record knows of it. */
export const versionOf = (record: SessionRecord | undefined): Version | undefined =>
  isIn(record) ? { epoch: record.epoch, generation: record.generation } : undefined

/** One person, signed in, and `tabs` tabs that know it. */
export function begin(tabs: number, left: Budgets): World {
  const record = signIn('e0', grant('s0', 0), 0)(undefined)
  return {
    record,
    holder: undefined,
    tabs: Array.from({ length: tabs }, () => ({})),
    net: [],
    server: { sessions: { s0: { generation: 0, retryIds: {}, ended: false } }, alarm: false },
    left,
    ids: 1,
    wanted: { epoch: 'e0', sessionId: 's0' },
    leftBehind: [],
    cleared: false,
  }
}
