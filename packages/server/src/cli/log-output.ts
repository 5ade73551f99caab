import { write } from 'node:fs'
import { escapeJson } from '../printable.ts'

/** Lines wait here while the output is slow. When it is full, new lines are dropped. */
const MAX_WAITING_CHARACTERS = 1_048_576
const FLUSH_AT_CHARACTERS = 65_536
const FLUSH_INTERVAL_MS = 100
/** How long to wait before a busy pipe is tried again. */
const RETRY_MS = 50
/** How long `close` waits for the output to take what is left. */
const CLOSE_TIMEOUT_MS = 1000

export interface LogOutput {
  write(line: string): void
  /** How many lines could not be written. */
  dropped(): number
  /** Writes what is left. After a second the rest is lost; if a write still blocks then, this kills the process. */
  close(): Promise<void>
}

const countLines = (bytes: Buffer): number => bytes.reduce((lines, byte) => lines + Number(byte === 10), 0)

/**
 * The output of the log. It never stops the server: it writes many lines at a time, waits for nothing, and drops lines if the
 * output takes none (a full disk, a reader that is gone or asleep). pino's own destination repeats a failed write forever.
 * On a terminal, characters that it would act upon are escaped.
 */
export function logOutput(fd = 1, isTerminal = false): LogOutput {
  let waiting = ''
  let dropped = 0
  let unreported = 0
  let writing = false
  let onIdle = (): void => undefined

  const drop = (lines: number): void => {
    dropped += lines
    unreported += lines
  }
  /** Writes the bytes from `at`, and then what waits. */
  const send = (bytes: Buffer, at: number): void => {
    write(fd, bytes, at, bytes.length - at, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(send, RETRY_MS, bytes, at)
        return
      }
      if (!error && at + written < bytes.length) return send(bytes, at + written)
      writing = false
      if (error) drop(countLines(bytes.subarray(at)))
      else if (waiting.length >= FLUSH_AT_CHARACTERS) return flush()
      onIdle()
    })
  }
  const flush = (): void => {
    if (writing || !waiting) return
    writing = true
    // A failed write can have cut a line, so the report begins on a new one.
    const report = unreported
      ? `\n${JSON.stringify({ level: 40, time: Date.now(), dropped: unreported, msg: 'log lines were dropped' })}\n`
      : ''
    unreported = 0
    const bytes = Buffer.from(report + waiting)
    waiting = ''
    send(bytes, 0)
  }
  const timer = setInterval(flush, FLUSH_INTERVAL_MS).unref()

  return {
    write(line) {
      if (waiting.length >= MAX_WAITING_CHARACTERS) return drop(1)
      waiting += isTerminal ? escapeJson(line) : line
      if (waiting.length >= FLUSH_AT_CHARACTERS) flush()
    },
    dropped: () => dropped,
    async close() {
      clearInterval(timer)
      const idle = new Promise<void>((resolve) => (onIdle = resolve))
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, CLOSE_TIMEOUT_MS).unref())
      if (writing) await Promise.race([idle, timeout])
      flush()
      if (writing) await Promise.race([new Promise<void>((resolve) => (onIdle = resolve)), timeout])
      // A write to a pipe that nobody reads blocks its thread, and Node waits for that thread even at exit.
      if (writing) process.kill(process.pid, 'SIGKILL')
    },
  }
}
