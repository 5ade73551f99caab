import { CommanderError } from 'commander'
import { StoreUnavailableError } from '../store/database.ts'
import { UnusableStoreError } from '../store/unusable.ts'
import { MasterKeyError } from '../tokens/master-key.ts'
import { CommandError } from './command-error.ts'
import { ConfigError } from './config.ts'
import { printable } from '../printable.ts'
import { createProgram } from './program.ts'

/** Errors that the user can correct. They are printed without a stack; any other error is a bug and shows its stack. */
const isUserError = (error: unknown): error is Error =>
  [CommandError, ConfigError, MasterKeyError, StoreUnavailableError, UnusableStoreError].some(
    (kind) => error instanceof kind,
  )

/** Runs a command and prints its error, if any. Returns the exit code. */
export async function runCommand(args: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed its own error, or the help text.
    if (error instanceof CommanderError) return error.exitCode
    const text = isUserError(error) ? error.message : ((error as Error).stack ?? String(error))
    for (const line of text.split('\n')) process.stderr.write(`tokenkeep: ${printable(line)}\n`)
    return 1
  }
}
