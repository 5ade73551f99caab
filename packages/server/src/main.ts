#!/usr/bin/env node
import { CommandError } from './cli/command-error.ts'
import { ConfigError } from './cli/config.ts'
import { createProgram } from './cli/program.ts'
import { printable } from './printable.ts'
import { StoreUnavailableError } from './store/database.ts'
import { MigrationError } from './store/migration.ts'
import { MasterKeyError } from './tokens/master-key.ts'

/** Errors that the user can correct. They are printed without a stack; any other error is a bug and shows its stack. */
const isUserError = (error: unknown): error is Error =>
  [CommandError, ConfigError, MasterKeyError, MigrationError, StoreUnavailableError].some(
    (kind) => error instanceof kind,
  )

try {
  await createProgram().parseAsync()
} catch (error) {
  const text = isUserError(error) ? error.message : ((error as Error).stack ?? String(error))
  for (const line of text.split('\n')) process.stderr.write(`tokenkeep: ${printable(line)}\n`)
  process.exitCode = 1
}
