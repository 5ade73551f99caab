#!/usr/bin/env node
import { runCommand } from './cli/run.ts'

// Without listeners, an output that takes nothing (a full disk, a closed pipe) ends the process with a stack.
process.stderr.on('error', () => undefined)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader such as `head` may stop early. That is no failure.
  if (error.code !== 'EPIPE')
    process.stderr.write(`tokenkeep: the output cannot be written (${error.code})\n`)
  process.exitCode = 1
})

const code = await runCommand(process.argv.slice(2))
if (code) process.exitCode = code
