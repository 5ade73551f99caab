import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { UnusableStoreError } from './unusable.ts'

/** The write-ahead log of SQLite (https://sqlite.org/fileformat2.html#walformat): a header, then frames of one page each. */
const LOG_HEADER_BYTES = 32
const FRAME_HEADER_BYTES = 24
/** The change time of files also changes with their owner. Tools that change the owner of a folder take less than this. */
const SAME_MOMENT_MS = 1000

const read = (fd: number, length: number, position: number): Buffer => {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position))
}

/** Whether the database contains some version of the lowest page that the log has. A checkpoint copies that page first. */
function hasLowestPage(database: number, log: number, header: Buffer): boolean {
  const pageSize = header.readUInt32BE(8)
  const salts = header.subarray(16, 24)
  const { size } = fstatSync(log)
  let lowest = Infinity
  let found = false
  for (let at = LOG_HEADER_BYTES; at < size; at += FRAME_HEADER_BYTES + pageSize) {
    const frame = read(log, FRAME_HEADER_BYTES, at)
    // The rest is of an earlier use of the file.
    if (frame.length < FRAME_HEADER_BYTES || !frame.subarray(8, 16).equals(salts)) break
    const page = frame.readUInt32BE(0)
    if (page > lowest) continue
    if (page < lowest) [lowest, found] = [page, false]
    found ||= read(log, pageSize, at + FRAME_HEADER_BYTES).equals(
      read(database, pageSize, (page - 1) * pageSize),
    )
  }
  return found || lowest === Infinity
}

/** Whether the log was written for another database than the one beside it. */
function isStale(file: string, logFile: string): boolean {
  const [database, log] = [openSync(file, 'r'), openSync(logFile, 'r')]
  try {
    const header = read(log, LOG_HEADER_BYTES, 0)
    if (header.length < LOG_HEADER_BYTES) return false
    const head = read(database, 20, 0)
    // A database with a log says so in its bytes 18 and 19. A backup made with VACUUM does not.
    if (head.length < 20 || head[18] !== 2 || head[19] !== 2) return true
    const pageSize = head.readUInt16BE(16) === 1 ? 65_536 : head.readUInt16BE(16)
    if (pageSize !== header.readUInt32BE(8)) return true
    // Only a checkpoint writes to the database, and it copies pages of the log. So if the database is newer than its log and
    // has none of them, then another program has written it.
    const [db, wal] = [fstatSync(database), fstatSync(log)]
    const isNewer = db.mtimeMs > wal.mtimeMs || db.ctimeMs > wal.ctimeMs + SAME_MOMENT_MS
    return isNewer && !hasLowestPage(database, log, header)
  } finally {
    closeSync(database)
    closeSync(log)
  }
}

/**
 * Throws {@link UnusableStoreError} if a log lies beside a database that it does not belong to: somebody copied a backup over
 * the file. SQLite would apply the log, which undoes the restore or destroys the database.
 */
export function refuseStaleLog(file: string): void {
  const log = `${file}-wal`
  if (!existsSync(log) || statSync(log).size === 0) return
  if (existsSync(file) && statSync(file).size > 0 && !isStale(file, log)) return
  throw new UnusableStoreError(
    `${log} belongs to another database than ${file}: restore backups with "tokenkeep restore", or delete ${log} if ${file} is right as it is`,
  )
}
