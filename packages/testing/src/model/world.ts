import { signIn } from '@tokenkeep/core/cross-tab'
import type { Answer, Grant, SessionRecord, SignedInRecord, Step, Version } from '@tokenkeep/core/cross-tab'

// Everything a run can depend on, as plain data: tabs, storage, the lock, messages on their way, and the server.

export interface Tab {
  /** The version this tab last adopted; undefined where it knows of no session. */
  readonly seen?: Version | undefined
  /** It wants a refresh. */
  readonly wants?: true | undefined
  /** Where that refresh stands. Undefined: it waits for the lock. */
  readonly step?: Extract<Step, { do: 'look' | 'send' }> | undefined
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
  readonly attempt: string
  readonly lastAttempt?: string | undefined
  readonly answer?: Answer | undefined
}

/** A session at the server: its current generation, and the attempts that used up the ones before. */
export interface ServerSession {
  readonly generation: number
  readonly attempts: Readonly<Record<number, string>>
  readonly ended: boolean
}

export interface Server {
  readonly sessions: Readonly<Record<string, ServerSession>>
  /** True once a refresh was taken for theft. All clients here are honest. */
  readonly alarm: boolean
}

/** How often each thing may still happen. */
export interface Budgets {
  readonly start: number
  /** Requests sent again, because no answer came. */
  readonly retry: number
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

export const grant = (sessionId: string, generation: number): Grant => ({
  session: { id: sessionId, userId: sessionId, renewable: true },
  token: `${sessionId}.${generation}`,
  lifetime: 1,
  refreshToken: `${sessionId}:${generation}`,
})

export const parse = (refreshToken: string): { sessionId: string; generation: number } => {
  const [sessionId, generation] = refreshToken.split(':')
  return { sessionId: sessionId!, generation: Number(generation) }
}

export const isIn = (record: SessionRecord | undefined): record is SignedInRecord => !!record?.session

/** What a tab that looks at the record knows of it. */
export const versionOf = (record: SessionRecord | undefined): Version | undefined =>
  isIn(record) ? { epoch: record.epoch, seq: record.seq } : undefined

/** One person, signed in, and `tabs` tabs that know it. */
export function begin(tabs: number, left: Budgets): World {
  const record = signIn('e0', grant('s0', 0), 0)(undefined)
  return {
    record,
    holder: undefined,
    tabs: Array.from({ length: tabs }, () => ({ seen: { epoch: 'e0', seq: 0 } })),
    net: [],
    server: { sessions: { s0: { generation: 0, attempts: {}, ended: false } }, alarm: false },
    left,
    ids: 1,
    wanted: { epoch: 'e0', sessionId: 's0' },
    leftBehind: [],
    cleared: false,
  }
}
