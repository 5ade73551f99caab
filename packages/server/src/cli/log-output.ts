import { pino } from 'pino'

/** Characters. */
const plenty = 65_536
/** How long a line may wait. ms. */
const patience = 100

export interface LogOutput {
  write(line: string): void
  /** Returns when every line is written. */
  flushSync(): void
}

/**
 * Standard output, for the log. Not waited for, and many lines at a time: whoever is slow to read them must not slow
 * refreshes down. They are gathered here, for pino's destination measures all that it has gathered again at each line.
 */
export function logOutput(): LogOutput {
  const destination = pino.destination({ sync: false })
  let lines = ''
  const pass = (): void => {
    if (lines) destination.write(lines)
    lines = ''
  }
  setInterval(pass, patience).unref()
  return {
    write(line) {
      lines += line
      if (lines.length >= plenty) pass()
    },
    flushSync() {
      pass()
      destination.flushSync()
    },
  }
}
