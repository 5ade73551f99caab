import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { formatId, newId } from '../store/ids.ts'
import type { Store } from '../store/store.ts'

/** Work that a server does again and again. If several processes share a store, one of them does it. */
export interface PeriodicWork {
  /** Runs one round now. Resolves to false if another process does the work. */
  round(): Promise<boolean>
  /** Starts to run a round now and after each interval, and at once if a round could not do all of its work. */
  start(): void
  /** Stops. Resolves when the current round has ended; then another process can take over. */
  stop(): Promise<void>
}

/** What a round is given. */
export interface Round {
  /** Aborted when the work is to stop. */
  readonly signal: AbortSignal
  /** Keeps the work for this process for as long again. Resolves to false if another process has it by now. */
  extend(): Promise<boolean>
}

interface RoundsOptions {
  readonly store: Store
  readonly log: Logger
  /** Names the lease, and the lines in the log. */
  readonly name: string
  /** Milliseconds between the beginnings of two rounds. */
  readonly interval: number
  /** How long another process waits before it takes over from one that died. Milliseconds. */
  readonly lease: number
  readonly now: () => number
}

/** Runs `work` in rounds. It resolves to false if it could not do all that there is to do. */
export function inRounds(
  { store, log, name, interval, lease, now }: RoundsOptions,
  work: (round: Round) => Promise<boolean>,
): PeriodicWork {
  const holder = `${hostname()} ${process.pid} ${formatId(newId())}`
  const stopping = new AbortController()
  const { signal } = stopping
  let running: Promise<void> = Promise.resolve()

  const extend = (): Promise<boolean> => store.leases.acquire(name, holder, now(), now() + lease)
  const runRound = async (): Promise<'done' | 'behind' | 'elsewhere'> => {
    if (!(await extend())) return 'elsewhere'
    return (await work({ signal, extend })) ? 'done' : 'behind'
  }

  async function runRounds(): Promise<void> {
    while (!signal.aborted) {
      const began = performance.now()
      const state = await runRound().catch((error: unknown) => log.warn({ err: error }, name))
      const rest = state === 'behind' ? 0 : interval - (performance.now() - began)
      await pause(Math.max(0, rest), undefined, { signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    round: async () => (await runRound()) !== 'elsewhere',
    start() {
      running = runRounds()
    },
    async stop() {
      stopping.abort()
      await running
      // If the database does not answer, another process takes over when the lease expires.
      await store.leases.release(name, holder).catch(() => undefined)
    },
  }
}
