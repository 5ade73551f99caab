#!/usr/bin/env node
import { CommandError } from './cli/command-error.ts'
import { ConfigError } from './cli/config.ts'
import { createProgram } from './cli/program.ts'
import { MasterKeyError } from './tokens/master-key.ts'
import { StoreUnavailable } from './store/database.ts'

/** What its user can do something about is said in a line; anything else is a fault of ours, and shows where. */
const sayable = (error: unknown): error is Error =>
  [CommandError, ConfigError, MasterKeyError, StoreUnavailable].some((kind) => error instanceof kind)

try {
  await createProgram().parseAsync()
} catch (error) {
  const text = sayable(error) ? error.message : ((error as Error).stack ?? String(error))
  for (const line of text.split('\n')) process.stderr.write(`tokenkeep: ${line}\n`)
  process.exitCode = 1
}
