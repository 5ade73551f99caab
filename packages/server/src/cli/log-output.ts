import { pino } from 'pino'

const MAX_BUFFERED_CHARACTERS = 65_536
const FLUSH_INTERVAL_MS = 100

export interface LogOutput {
  write(line: string): void
  /** Writes every line before it returns. */
  flushSync(): void
}

/**
 * Standard output for the log. It writes many lines at a time and does not wait, so that a slow reader does not slow down
 * refreshes. The lines are collected here, because pino's destination measures its whole buffer again at each line.
 */
export function logOutput(): LogOutput {
  const destination = pino.destination({ sync: false })
  let lines = ''
  const writeBuffered = (): void => {
    if (lines) destination.write(lines)
    lines = ''
  }
  setInterval(writeBuffered, FLUSH_INTERVAL_MS).unref()
  return {
    write(line) {
      lines += line
      if (lines.length >= MAX_BUFFERED_CHARACTERS) writeBuffered()
    },
    flushSync() {
      writeBuffered()
      destination.flushSync()
    },
  }
}
