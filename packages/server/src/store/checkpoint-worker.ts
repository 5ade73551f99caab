// The thread of a checkpointer. At each message it looks at the write-ahead log of SQLite, copies its pages into the database if
// there are enough of them, and answers. It ends at the message 'close'.
import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'

export interface CheckpointLimits {
  /** The number of new pages in the log after which they are copied. A copy takes two syncs, but nobody waits for it. */
  readonly copyAfter: number
  /** The number of pages in the log after which it starts again. Writers wait for this, so it must be rare. */
  readonly restartAfter: number
}
export type CheckpointWorkerData = CheckpointLimits & { readonly file: string }

/** The row that a checkpoint returns: https://sqlite.org/pragma.html#pragma_wal_checkpoint. */
interface Log {
  readonly log: number
  readonly checkpointed: number
}

const { file, copyAfter, restartAfter } = workerData as CheckpointWorkerData
// Milliseconds. A restart gives up soon if somebody reads an old state, as a backup does, because writers wait meanwhile.
const database = new DatabaseSync(file, { timeout: 5 })
database.exec('PRAGMA synchronous = NORMAL')
const checkpoint = (mode: 'NOOP' | 'PASSIVE' | 'FULL'): (() => Log) => {
  const statement = database.prepare(`PRAGMA wal_checkpoint(${mode})`)
  return () => statement.get() as unknown as Log
}
const look = checkpoint('NOOP')
const copy = checkpoint('PASSIVE')
/** Copies all pages while writers wait. The next writer then starts at the beginning of the log. */
const restart = checkpoint('FULL')

function visit(): void {
  const { log, checkpointed } = look()
  if (log - checkpointed < copyAfter) return
  copy()
  if (log < restartAfter) return
  // Copies what was written meanwhile, so that the restart finds few pages.
  copy()
  restart()
}

parentPort!.on('message', (message: 'visit' | 'close') => {
  if (message === 'visit') {
    visit()
    parentPort!.postMessage('visited')
  } else {
    database.close()
    parentPort!.close()
  }
})
