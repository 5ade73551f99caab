import { Worker } from 'node:worker_threads'
import type { CheckpointLimits, CheckpointWorkerData } from './checkpoint-worker.ts'

/** Pages of 4 KiB: 16 MB and 80 MB. */
const LIMITS: CheckpointLimits = { copyAfter: 4000, restartAfter: 20_000 }
/** How soon after a write the thread looks at the log, in milliseconds. */
const DELAY_MS = 100

/** Copies the write-ahead log of SQLite into the database, in a thread of its own, so that no request waits for it. */
export interface Checkpointer {
  /** Tells that something was written. */
  wrote(): void
  /** Resolves when the thread is not copying. Background writers wait for this, so that a copy can end. */
  idle(): Promise<void>
  /** Ends the thread. Resolves when it has closed the database. */
  close(): Promise<void>
}

/** The source runs as TypeScript, the built package as JavaScript. */
const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const program = new URL(`./checkpoint-worker.${extension}`, import.meta.url)

/** Creates a checkpointer. Its thread starts after the first write, so a short command has none. */
export function createCheckpointer(file: string, limits: CheckpointLimits = LIMITS): Checkpointer {
  let due: NodeJS.Timeout | undefined
  let worker: Worker | undefined
  let ended: Promise<void> | undefined
  let visiting: Promise<void> | undefined

  function startWorker(): Worker {
    const workerData: CheckpointWorkerData = { file, ...limits }
    const started = new Worker(program, { workerData })
    // If the thread fails, for example because the disk is full, the connections make checkpoints themselves, much later.
    started.on('error', () => undefined)
    ended = new Promise((resolve) => started.once('exit', () => resolve()))
    return started
  }
  function visit(): void {
    due = undefined
    const thread = (worker ??= startWorker())
    thread.postMessage('visit')
    // The process stays alive while the thread works, and no longer.
    thread.ref()
    const visited = new Promise<void>((resolve) => thread.once('message', () => resolve()))
    visiting = Promise.race([visited, ended!]).then(() => {
      thread.unref()
      visiting = undefined
    })
  }
  return {
    wrote() {
      if (!visiting) due ??= setTimeout(visit, DELAY_MS).unref()
    },
    idle: async () => visiting,
    async close() {
      clearTimeout(due)
      // An idle thread does not keep the process alive, so `ref` is needed again.
      await visiting
      worker?.ref()
      worker?.postMessage('close')
      await ended
    },
  }
}
