import type { createProgram } from '../../packages/server/src/cli/program.ts'

type Command = ReturnType<typeof createProgram>

/** Returns the commands without subcommands, with their full names. */
export const commandsOf = (command: Command, before = ''): (readonly [string, Command])[] => {
  const name = `${before}${command.name()}`
  if (command.commands.length === 0) return [[name, command]]
  return command.commands.flatMap((sub) => commandsOf(sub, `${name} `))
}
