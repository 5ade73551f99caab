#!/usr/bin/env node
import { CommandError } from './cli/command-error.ts'
import { ConfigError } from './cli/config.ts'
import { createProgram } from './cli/program.ts'
import { StoreUnavailableError } from './store/database.ts'
import { MasterKeyError } from './tokens/master-key.ts'

/** Errors that the user can correct. They are printed without a stack; any other error is a bug and shows its stack. */
const isUserError = (error: unknown): error is Error =>
  [CommandError, ConfigError, MasterKeyError, StoreUnavailableError].some((kind) => error instanceof kind)

// Without listeners, an output that takes nothing (a full disk, a closed pipe) ends the process with a stack.
process.stderr.on('error', () => undefined)
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader such as `head` that has seen enough is no failure.
  if (error.code !== 'EPIPE') process.stderr.write(`tokenkeep: the output takes no more: ${error.code}\n`)
  process.exitCode = 1
})

try {
  await createProgram().parseAsync()
} catch (error) {
  const text = isUserError(error) ? error.message : ((error as Error).stack ?? String(error))
  for (const line of text.split('\n')) process.stderr.write(`tokenkeep: ${line}\n`)
  process.exitCode = 1
}
